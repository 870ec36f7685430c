import type { ResourceType } from './resource-type.ts';
import { archiveFile } from './resources/archive-file.ts';
import { cloudwatchEventApiDestination } from './resources/cloudwatch-event-api-destination.ts';
import { cloudwatchEventRule, cloudwatchEventTarget } from './resources/cloudwatch-event-rule.ts';
import { cloudwatchLogGroup } from './resources/cloudwatch-log-group.ts';
import { cloudwatchMetricAlarm } from './resources/cloudwatch-metric-alarm.ts';
import { iamPolicy } from './resources/iam-policy.ts';
import { iamPolicyDocument } from './resources/iam-policy-document.ts';
import { iamRole } from './resources/iam-role.ts';
import { iamRolePolicy, iamRolePolicyAttachment } from './resources/iam-role-policies.ts';
import { kmsKey } from './resources/kms-key.ts';
import { kmsKeyPolicy } from './resources/kms-key-policy.ts';
import { lambdaFunction } from './resources/lambda-function.ts';
import { lambdaInvocation } from './resources/lambda-invocation.ts';
import { lambdaPermission } from './resources/lambda-permission.ts';
import { securityGroup, subnet, vpc, vpcEndpoint, vpcSecurityGroupRule } from './resources/network.ts';
import { callerIdentity, partition, region } from './resources/place.ts';
import { s3Object } from './resources/s3-object.ts';
import { schedulerSchedule } from './resources/scheduler-schedule.ts';
import { secretsmanagerSecret } from './resources/secretsmanager-secret.ts';
import { secretsmanagerSecretPolicy } from './resources/secretsmanager-secret-policy.ts';
import {
  secretsmanagerSecretRotation,
  secretsmanagerSecretRotationData,
} from './resources/secretsmanager-secret-rotation.ts';
import {
  secretsmanagerSecretVersion,
  secretsmanagerSecretVersionsData,
} from './resources/secretsmanager-secret-version.ts';
import { secretsmanagerSecretsData } from './resources/secretsmanager-secrets.ts';
import { sfnStateMachine } from './resources/sfn-state-machine.ts';
import { signerSigningJob } from './resources/signer-signing-job.ts';
import { snsTopic, snsTopicPolicy, snsTopicSubscription } from './resources/sns-topic.ts';
import { sqsQueue, sqsQueuePolicy } from './resources/sqs-queue.ts';

/** Every type that the local deploy knows, as a stack spells it. The type of a data source begins with `data.`. */
export const resourceTypes: ReadonlyMap<string, ResourceType> = new Map([
  ['aws_cloudwatch_event_api_destination', cloudwatchEventApiDestination],
  ['aws_cloudwatch_event_rule', cloudwatchEventRule],
  ['aws_cloudwatch_event_target', cloudwatchEventTarget],
  ['aws_cloudwatch_log_group', cloudwatchLogGroup],
  ['aws_cloudwatch_metric_alarm', cloudwatchMetricAlarm],
  ['aws_iam_policy', iamPolicy],
  ['aws_iam_role', iamRole],
  ['aws_iam_role_policy', iamRolePolicy],
  ['aws_iam_role_policy_attachment', iamRolePolicyAttachment],
  ['aws_kms_key', kmsKey],
  ['aws_kms_key_policy', kmsKeyPolicy],
  ['aws_lambda_function', lambdaFunction],
  ['aws_lambda_invocation', lambdaInvocation],
  ['aws_lambda_permission', lambdaPermission],
  ['aws_s3_object', s3Object],
  ['aws_scheduler_schedule', schedulerSchedule],
  ['aws_secretsmanager_secret', secretsmanagerSecret],
  ['aws_secretsmanager_secret_policy', secretsmanagerSecretPolicy],
  ['aws_secretsmanager_secret_rotation', secretsmanagerSecretRotation],
  ['aws_secretsmanager_secret_version', secretsmanagerSecretVersion],
  ['aws_security_group', securityGroup],
  ['aws_sfn_state_machine', sfnStateMachine],
  ['aws_signer_signing_job', signerSigningJob],
  ['aws_sns_topic', snsTopic],
  ['aws_sns_topic_policy', snsTopicPolicy],
  ['aws_sns_topic_subscription', snsTopicSubscription],
  ['aws_sqs_queue', sqsQueue],
  ['aws_sqs_queue_policy', sqsQueuePolicy],
  ['aws_vpc_endpoint', vpcEndpoint],
  ['aws_vpc_security_group_egress_rule', vpcSecurityGroupRule],
  ['aws_vpc_security_group_ingress_rule', vpcSecurityGroupRule],
  ['data.archive_file', archiveFile],
  ['data.aws_caller_identity', callerIdentity],
  ['data.aws_iam_policy_document', iamPolicyDocument],
  ['data.aws_partition', partition],
  ['data.aws_region', region],
  ['data.aws_secretsmanager_secret_rotation', secretsmanagerSecretRotationData],
  ['data.aws_secretsmanager_secret_versions', secretsmanagerSecretVersionsData],
  ['data.aws_secretsmanager_secrets', secretsmanagerSecretsData],
  ['data.aws_subnet', subnet],
  ['data.aws_vpc', vpc],
]);
