import type { RotationFacts } from './rotation-health.ts';
import type { RotationRules } from './schedule/rotation-rules.ts';

/** One secret as Secrets Manager describes it. No value is in it. */
export interface SecretFacts extends RotationFacts {
  readonly name: string;
  readonly functionArn?: string | undefined;
  /** The version of a rotation that has not ended. */
  readonly pendingVersionId?: string | undefined;
}

/** What DescribeSecret and ListSecrets both say. */
interface DescribedSecret {
  readonly Name?: string | undefined;
  readonly CreatedDate?: Date | undefined;
  readonly LastRotatedDate?: Date | undefined;
  readonly RotationEnabled?: boolean | undefined;
  readonly RotationLambdaARN?: string | undefined;
  readonly RotationRules?: unknown;
  readonly OwningService?: string | undefined;
}

/** @param stages the labels of each version */
export function secretFacts(
  secret: DescribedSecret,
  stages: Readonly<Record<string, readonly string[]>> = {},
): SecretFacts {
  const isPending = (labels: readonly string[]) => labels.includes('AWSPENDING') && !labels.includes('AWSCURRENT');
  return {
    name: secret.Name ?? '',
    createdDate: secret.CreatedDate ?? new Date(0),
    lastRotatedDate: secret.LastRotatedDate,
    rotationEnabled: secret.RotationEnabled,
    // A service that owns a secret rotates it itself.
    isConfigured: secret.RotationLambdaARN !== undefined || secret.OwningService !== undefined,
    rotationRules: secret.RotationRules as RotationRules | undefined,
    functionArn: secret.RotationLambdaARN,
    pendingVersionId: Object.entries(stages).find(([, labels]) => isPending(labels))?.[0],
  };
}
