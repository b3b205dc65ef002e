/**
 * Sends one alert to the owner's webhook. Never throws. Slack reads `text`, Discord `content`, programs the rest; what Teams calls a
 * webhook today is a workflow and shows an Adaptive Card only (its older webhooks, which read `text`, were switched off in 2026).
 */
import { safeLink } from '../config/links.ts';
import { log } from '../log.ts';
import type { AlertMessage } from './alerts.ts';

const TIMEOUT_MS = 5_000;
/** Where addresses of Teams workflows lead. */
const TEAMS_HOSTS =
  /\.(logic\.azure\.com|api\.powerplatform\.com|powerautomate\.com|flow\.microsoft\.com|webhook\.office\.com)$/;

/** @param host of the webhook's address, such as `hooks.slack.com`. */
export function webhookBody(message: AlertMessage, host: string): Record<string, unknown> {
  const { cause, subject, isOver, text } = message;
  if (!TEAMS_HOSTS.test(`.${host}`)) return { text, content: text, cause, subject, isOver };
  const card = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [{ type: 'TextBlock', text, wrap: true }],
  };
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card }],
  };
}

/** @returns false when it did not arrive. */
export async function sendAlert(address: string, message: AlertMessage): Promise<boolean> {
  const url = safeLink(address);
  if (!url) {
    log('setup_fault', { sentence: 'ALERT_WEBHOOK must be an https address.' });
    return false;
  }
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(webhookBody(message, new URL(url).hostname)),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
