import { AUDIENCE_VARIABLE, checkAudience } from '../rules/google-credentials.ts';
import { checkOptions } from './checks/check-options.ts';
import { ConstructError } from './construct-error.ts';
import { isReference } from './terraform/references.ts';

export interface WorkloadIdentityOptions {
  /**
   * The provider of a workload identity pool that trusts the function's role, by its whole name:
   * `//iam.googleapis.com/projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER`.
   */
  readonly audience: string;
}

/** The function's own role, which Google trusts; `workloadIdentity` makes it. */
export interface WorkloadIdentity {
  readonly kind: 'workload identity';
  readonly environment: Readonly<Record<string, string>>;
  readonly statements: readonly [];
}

/**
 * No key at all: the rotation function proves its own role to Google, which trusts it through a workload identity pool.
 * @throws ConstructError OPTIONS
 * @see https://cloud.google.com/iam/docs/workload-identity-federation-with-other-clouds
 */
export function workloadIdentity(options: WorkloadIdentityOptions): WorkloadIdentity {
  checkOptions('workloadIdentity', options, { audience: 'required' });
  const { audience } = options;
  const reason = isReference(audience) ? undefined : checkAudience(audience);
  if (reason !== undefined) throw new ConstructError('OPTIONS', reason);
  return { kind: 'workload identity', environment: { [AUDIENCE_VARIABLE]: audience }, statements: [] };
}
