import * as v from 'valibot';
import { checkRotationRules, type RotationRules } from '../../rules/schedule/schedule.ts';
import { AwsError } from '../aws-error.ts';
import { action } from './action.ts';
import { writableSecret } from './existing-secret.ts';
import { requiredToken, SecretId, VersionId } from './fields.ts';
import { refuseUninvocable } from './refuse-uninvocable.ts';
import { RotationRun } from './rotation-run.ts';
import { scheduleNextRotation } from './schedule-next-rotation.ts';

/**
 * Sets how a secret rotates, turns on automatic rotation, and starts a rotation, or only a test of its function. It
 * answers before the rotation has begun. A refused call changes nothing.
 *
 * @throws InvalidParameterException there is no token, or Secrets Manager does not accept the rules.
 * @throws InvalidRequestException there is no function, or `AWSPENDING` shows that a rotation is incomplete.
 * @throws AccessDeniedException the function is missing, or does not let Secrets Manager invoke it.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
 */
export const rotateSecret = action(
  v.strictObject({
    SecretId,
    ClientRequestToken: v.optional(VersionId),
    RotationLambdaARN: v.optional(v.pipe(v.string(), v.maxLength(2048))),
    RotationRules: v.optional(
      v.strictObject({
        AutomaticallyAfterDays: v.optional(v.number()),
        Duration: v.optional(v.string()),
        ScheduleExpression: v.optional(v.string()),
      }),
    ),
    RotateImmediately: v.optional(v.boolean(), true),
  }),
  ({ SecretId, RotationLambdaARN, RotationRules, RotateImmediately, ...input }, account) => {
    const versionId = requiredToken(input.ClientRequestToken, 'InvalidParameterException');
    const secret = writableSecret(SecretId, account);
    const answer = { ARN: secret.arn, Name: secret.name, VersionId: versionId };
    // The same call again, as an SDK makes it if the first answer was lost.
    if (secret.lastRun?.isUnderWay && secret.lastRun.versionId === versionId) return answer;

    if (RotationRules) refuseRules(RotationRules);
    const lambdaArn = RotationLambdaARN ?? secret.rotation?.lambdaArn;
    if (lambdaArn === undefined) {
      throw new AwsError('InvalidRequestException', 'No Lambda rotation function ARN is associated with this secret.');
    }
    refuseUninvocable(lambdaArn, secret, account);
    if (secret.incompleteVersionId) {
      throw new AwsError(
        'InvalidRequestException',
        "A previous rotation isn't complete. That rotation will be reattempted.",
      );
    }

    const now = account.clock.now();
    secret.rotation?.next?.cancel();
    secret.rotation = { enabled: true, lambdaArn, rules: RotationRules ?? secret.rotation?.rules };
    secret.lastChangedDate = now;
    scheduleNextRotation(secret, account, RotateImmediately ? now : secret.lastRotatedDate);
    RotationRun.start(secret, account, { versionId, kind: RotateImmediately ? 'rotation' : 'test' });
    return answer;
  },
);

function refuseRules(rules: RotationRules): void {
  const reason =
    rules.AutomaticallyAfterDays !== undefined && rules.ScheduleExpression !== undefined
      ? 'You cannot specify both rotation frequency and schedule expression together.'
      : checkRotationRules(rules);
  if (reason) throw new AwsError('InvalidParameterException', reason);
}
