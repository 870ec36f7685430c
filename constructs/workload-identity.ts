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

const PROVIDER =
  /^\/\/iam\.googleapis\.com\/projects\/\d+\/locations\/global\/workloadIdentityPools\/[^/]+\/providers\/[^/]+$/;

/**
 * No key at all: the rotation function proves its own role to Google, which trusts it through a workload identity pool.
 * @throws ConstructError OPTIONS
 * @see https://cloud.google.com/iam/docs/workload-identity-federation-with-other-clouds
 */
export function workloadIdentity(options: WorkloadIdentityOptions): WorkloadIdentity {
  checkOptions('workloadIdentity', options, { audience: 'required' });
  const { audience } = options;
  if (!isReference(audience) && !PROVIDER.test(audience)) {
    throw new ConstructError(
      'OPTIONS',
      `The audience is "${audience}". Expected the provider's whole name, with the project's number: ` +
        '//iam.googleapis.com/projects/123456789/locations/global/workloadIdentityPools/POOL/providers/PROVIDER.',
    );
  }
  return { kind: 'workload identity', environment: { WORKLOAD_IDENTITY_AUDIENCE: audience }, statements: [] };
}
