/** `rotaform-client/rotation-message`: reads a secret again when a message says that it has rotated. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RotatingSecret } from './rotating-secret.ts';

/** How long to look for the version that a message names. */
const LONGEST_MS = 5_000;

/**
 * Reads the secret again if the message is about it: what the option `onRotated` sends, from SQS, from SNS, from SNS by SQS, or as an
 * EventBridge event. `onRotation` is then called with the new value. Messages about anything else change nothing.
 *
 * @param message the text, or what it parses to
 * @returns whether the message is about this secret
 * @throws SecretReadError the read failed: let the queue deliver the message again
 */
export async function takeRotationMessage(secret: RotatingSecret<unknown>, message: unknown): Promise<boolean> {
  const { source, resources, time, detail } = eventOf(message);
  const { name, labelUpdated, versionId } = Object(detail) as Record<string, unknown>;
  if (source !== 'aws.secretsmanager' || typeof versionId !== 'string') return false;
  const { secretId } = secret;
  const isArn = secretId.startsWith('arn:');
  const isAboutIt = isArn ? Array.isArray(resources) && resources.includes(secretId) : name === secretId;
  if (!isAboutIt || labelUpdated !== secret.versionStage) return false;
  const { versionId: before, ageSeconds = Number.POSITIVE_INFINITY } = secret.status();
  // A message that waited in a queue: what is held was read after it.
  if (Date.parse(String(time)) + LONGEST_MS < Date.now() - ageSeconds * 1_000) return true;
  const endMs = Date.now() + LONGEST_MS;
  // A read that was under way may bring the version before, and so may a secret in another region.
  while (true) {
    await secret.refresh();
    const { versionId: held } = secret.status();
    if (held === versionId || held !== before || Date.now() >= endMs) return true;
    await sleep(500);
  }
}

/** The event in a message. Empty if there is none. */
function eventOf(message: unknown): Readonly<Record<string, unknown>> {
  let found = message;
  try {
    // SNS puts the text of a message into one of its own.
    for (let depth = 0; depth < 2; depth += 1) {
      if (typeof found === 'string') found = JSON.parse(found);
      const { Message = found } = Object(found) as Record<string, unknown>;
      found = Message;
    }
  } catch {
    return {};
  }
  return Object(found);
}
