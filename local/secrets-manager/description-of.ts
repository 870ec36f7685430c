import { nextRotationWindow, type RotationRules } from '../../rules/schedule/schedule.ts';
import type { Secret } from './secret.ts';

const DAY_MS = 86_400_000;

/** What DescribeSecret and ListSecrets both say about a secret. */
export function descriptionOf(secret: Secret) {
  const { rotation } = secret;
  return {
    ARN: secret.arn,
    Name: secret.name,
    Description: secret.description || undefined,
    KmsKeyId: secret.kmsKeyId || undefined,
    RotationEnabled: rotation?.enabled,
    RotationLambdaARN: rotation?.lambdaArn,
    RotationRules: rotation?.rules && withDays(rotation.rules, secret.createdDate),
    LastRotatedDate: secret.lastRotatedDate,
    LastChangedDate: secret.lastChangedDate,
    LastAccessedDate: secret.lastAccessedDate,
    DeletedDate: secret.deletion?.date,
    NextRotationDate: rotation?.next?.closes,
    Tags: secret.tags && [...secret.tags].map(([Key, Value]) => ({ Key, Value })),
    CreatedDate: secret.createdDate,
    PrimaryRegion: secret.primaryRegion,
  };
}

/** The labels of each version that has any. Undefined if there is no such version. */
export function labelledVersions(secret: Secret): Record<string, string[]> | undefined {
  const labelled = [...secret.versions.keys()].flatMap((versionId): [string, string[]][] => {
    const stages = secret.stagesOf(versionId);
    return stages ? [[versionId, stages]] : [];
  });
  return labelled.length > 0 ? Object.fromEntries(labelled) : undefined;
}

/** Next to an expression, AWS shows the days from one window to the next, rounded up. */
function withDays(rules: RotationRules, from: Date): RotationRules {
  if (rules.ScheduleExpression === undefined) return rules;
  const { opens } = nextRotationWindow(rules, from, from);
  const following = nextRotationWindow(rules, opens, opens);
  return { ...rules, AutomaticallyAfterDays: Math.ceil((following.opens.getTime() - opens.getTime()) / DAY_MS) };
}
