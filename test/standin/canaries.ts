/**
 * Canaries: long, unlikely texts that the fixtures put into every field which must not reach a visitor. A leak test searches
 * for each of them (also as hex and base64) in whatever the product shows, logs or caches.
 * Ids made while running begin with the prefixes here, so that a search for the prefix finds them as well.
 */

/** The numeric company id. */
export const accountId = 913600004;

/** First digits of the ids that the stand-in hands out; the rest counts up. */
export const idPrefixes = { contact: '913800421', call: '913900421', event: '913500421' } as const;

/** First letters of opaque ids and secrets that are drawn per record. */
export const textPrefixes = {
  contactPreview: 'contact_CnryP9',
  token: 'ULC5lA1vKpS3CanaryToken',
} as const;

/** Marks a contact whom the account blocks. */
export const blockedId = 913610007;

export const hostIds = {
  zed: 913700421,
  mia: 913700422,
  kenji: 913700423,
  priya: 913700424,
  nora: 913700425,
} as const;

export const hostEmails = {
  zed: 'zed.harper.canary7c1f@hosts-acme.example',
  mia: 'mia.lindqvist.canary52ab@hosts-acme.example',
  kenji: 'kenji.sato.canary90de@hosts-acme.example',
  priya: 'priya.nair.canary3b64@hosts-acme.example',
  nora: 'nora.absent.canaryf08a@hosts-acme.example',
} as const;

/** Words within rules, of the routing and the disqualification. */
export const ruleStatements = {
  lowRevenue: 'Disqualify: revenue below floor (canary-rule-91b7d2)',
  justBrowsing: 'Disqualify: not a buyer (canary-rule-4e0c88)',
  smallTeams: 'Disqualify: strategy for small teams (canary-rule-c5a316)',
} as const;

/** Other secrets of the account: host profile keys, links, internal options and texts. */
export const accountSecrets = {
  profilePictureKey: 'profile-pictures/canary-picture-key-66d1',
  signedUrl: 'https://files.iclosed.example/canary-signed-url-2f9e?signature=canary-signature-8a77',
  hostPreviewId: 'user_canaryHostPreview41',
  workflowName: 'canary-workflow-followup-d3c4',
  hiddenField: 'canary-hidden-field-lead-score-7e15',
  archivedOption: 'canary-archived-option-0b9c',
  blockReason: 'canary-block-reason-5d20',
  contactNote: 'canary-contact-note-e71b',
  hostLocationLink: 'https://meet.example/canary-host-link-19fa',
} as const;

/** Everything to search for. */
export const canaries: readonly string[] = [
  String(accountId),
  String(blockedId),
  ...Object.values(idPrefixes),
  ...Object.values(textPrefixes),
  ...Object.values(hostIds).map(String),
  ...Object.values(hostEmails),
  'canary-rule-',
  ...Object.values(ruleStatements),
  ...Object.values(accountSecrets),
];
