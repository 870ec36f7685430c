import type { Login } from '../postgres/postgres-session.ts';
import { type RotationContext, RotationError } from '../rotation/index.ts';
import { adminSecret, type DatabaseSecret, PUBLIC_FIELDS } from './database-secret.ts';

/**
 * The administrator's login, from the secret that the rotated one names as `masterarn`, or from the only one declared.
 * It logs in where the rotated secret does, as safely.
 * @throws CONFIGURATION, SECRET_VALUE, PRIVILEGE
 */
export async function adminLogin(
  { masterarn, host }: DatabaseSecret<string | undefined>,
  adminSecretArns: readonly string[],
  { secret }: RotationContext,
): Promise<Login> {
  const arn = masterarn ?? (adminSecretArns.length === 1 ? adminSecretArns[0] : undefined);
  if (arn === undefined || !adminSecretArns.includes(arn)) {
    throw new RotationError(
      'CONFIGURATION',
      `The secret's masterarn is ${arn ?? 'missing'}: expected one of ${adminSecretArns.join(', ')}. Correct it, or ` +
        'declare it as adminSecretArn.',
    );
  }
  const admin = await secret(arn, adminSecret, PUBLIC_FIELDS);
  if (admin.host === undefined || admin.host === host) return admin;
  throw new RotationError(
    'CONFIGURATION',
    `The administrator's secret is for ${admin.host}, the rotated one for ${host}. Expected the same host in both.`,
  );
}
