import type { Account } from '../../local/account.ts';
import { placeOf } from '../../local/place.ts';
import type { Secret } from '../../local/secrets-manager/secret.ts';
import type { LabelledVersion, RotationRecord } from '../rotation-record.ts';
import { fingerprint } from './fingerprint.ts';

/** Watches all accounts and records each rotation from its start. */
export function recordRotations(account: Account): ReadonlyMap<string, RotationRecord> {
  const records = new Map<string, RotationRecord>();
  const { events } = account;
  /** The secrets whose function is running a step. */
  const running = new Set<string>();
  /** The functions that have run a step: their first one began with a cold start. */
  const started = new Set<string>();
  const functionOf = (secretArn: string) => secretOf(account, secretArn)?.rotation?.lambdaArn?.split(':').at(-1);

  events.on('rotationStarted', ({ secretArn, versionId }) => {
    const before = labelledVersions(account, secretArn).filter((version) => version.versionId !== versionId);
    records.set(secretArn, {
      secretName: secretOf(account, secretArn)?.name ?? secretArn,
      versionId,
      steps: [],
      attempts: 0,
      versions: { before, during: [], after: [] },
    });
  });
  events.on('rotationStepStarted', ({ secretArn, step, attempt }) => {
    const record = records.get(secretArn);
    if (record === undefined) return;
    if (attempt > record.attempts) record.steps.length = 0;
    record.attempts = attempt;
    const name = functionOf(secretArn) ?? secretArn;
    record.steps.push({ step, durationMs: 0, calls: 0, ...(!started.has(name) && { isColdStart: true }) });
    started.add(name);
    running.add(secretArn);
  });
  events.on('call', ({ service, secretId = '', caller }) => {
    if (service !== 'secretsmanager' || !caller.arn.includes(':assumed-role/')) return;
    // A function's calls about another secret count for the secret that it rotates.
    const rotated = [...running].filter((secretArn) => caller.arn.endsWith(`/${functionOf(secretArn)}`));
    const [secretArn = secretId] = rotated.length === 1 ? rotated : [];
    const step = records.get(secretArn)?.steps.at(-1);
    if (step?.calls !== undefined) step.calls += 1;
  });
  events.on('rotationStepEnded', ({ secretArn, step, durationMs, failure }) => {
    running.delete(secretArn);
    const record = records.get(secretArn);
    const ended = record?.steps.at(-1);
    if (record === undefined || ended === undefined) return;
    ended.durationMs = durationMs;
    if (failure) ended.failure = failure;
    if (step === 'createSecret') record.versions.during = labelledVersions(account, secretArn);
  });
  events.on('rotationSucceeded', ({ secretArn }) => {
    const record = records.get(secretArn);
    if (record) record.versions.after = labelledVersions(account, secretArn);
  });
  events.on('rotationFailed', ({ secretArn, failure }) => {
    const record = records.get(secretArn);
    if (record === undefined) return;
    record.versions.after = labelledVersions(account, secretArn);
    record.failure = failure;
  });
  return records;
}

/** A secret of any account. */
function secretOf(account: Account, secretArn: string): Secret | undefined {
  return account.at(placeOf(secretArn) ?? {}).secrets.find(secretArn);
}

function labelledVersions(account: Account, secretArn: string): LabelledVersion[] {
  const secret = secretOf(account, secretArn);
  return [...(secret?.versions ?? [])].flatMap(([versionId, { value }]) => {
    const stages = secret?.stagesOf(versionId);
    return stages ? [{ versionId, stages, fingerprint: fingerprint(value?.SecretString) }] : [];
  });
}
