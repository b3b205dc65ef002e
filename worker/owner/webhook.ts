/**
 * Sends one alert to the owner's webhook: Slack and Teams read `text`, Discord `content`, others the whole. Never throws.
 */
import { safeLink } from '../config/links.ts';
import { log } from '../log.ts';
import { type AlertMessage, webhookBody } from './alerts.ts';

const TIMEOUT_MS = 5_000;

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
      body: JSON.stringify(webhookBody(message)),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
