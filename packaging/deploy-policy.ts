/** A statement of IAM, as JSON has it. */
interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface Policy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/** Where the deploying role may act. */
export interface Place {
  readonly account: string;
  /** How the names of secrets begin. */
  readonly secrets: string;
  /** How the names of functions begin, and of all that is named after them. */
  readonly functions: string;
}

/** A type of resource that a module makes. */
export interface MadeResource {
  readonly type: string;
  /** The option that it is made for. @default it is always made */
  readonly option?: string | undefined;
}

type On =
  | ('secret' | 'role' | 'function' | 'log group' | 'schedule')
  | ('alarm' | 'topic' | 'rule' | 'destination' | 'machine' | 'queue')
  | 'anything';

/**
 * What Terraform's AWS provider calls to make, read, change and delete a resource of a type.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
const CALLS: Readonly<Record<string, Partial<Record<On, readonly string[]>>>> = {
  aws_secretsmanager_secret: {
    secret: [
      ...['CreateSecret', 'DeleteSecret', 'DescribeSecret', 'GetResourcePolicy', 'RemoveRegionsFromReplication'],
      ...['ReplicateSecretToRegions', 'TagResource', 'UntagResource', 'UpdateSecret'],
    ].map((action) => `secretsmanager:${action}`),
  },
  aws_secretsmanager_secret_version: {
    secret: [
      'secretsmanager:ListSecretVersionIds',
      'secretsmanager:PutSecretValue',
      'secretsmanager:UpdateSecretVersionStage',
    ],
    // Whether there is a secret of the name. It shows names, and no value.
    anything: ['secretsmanager:ListSecrets'],
  },
  aws_secretsmanager_secret_rotation: {
    secret: ['secretsmanager:CancelRotateSecret', 'secretsmanager:RotateSecret'],
    // Who starts a rotation must be allowed to invoke its function.
    function: ['lambda:InvokeFunction'],
  },
  aws_secretsmanager_secret_policy: {
    secret: [
      'secretsmanager:DeleteResourcePolicy',
      'secretsmanager:PutResourcePolicy',
      'secretsmanager:ValidateResourcePolicy',
    ],
  },
  aws_cloudwatch_log_group: {
    'log group': [
      ...['AssociateKmsKey', 'CreateLogGroup', 'DeleteLogGroup', 'DeleteRetentionPolicy', 'DisassociateKmsKey'],
      ...['ListTagsForResource', 'PutRetentionPolicy', 'TagResource', 'UntagResource'],
    ].map((action) => `logs:${action}`),
    anything: ['logs:DescribeLogGroups'],
  },
  aws_iam_role: {
    role: [
      ...['CreateRole', 'DeleteRole', 'DeleteRolePermissionsBoundary', 'GetRole', 'ListAttachedRolePolicies'],
      ...['ListInstanceProfilesForRole', 'ListRolePolicies', 'PutRolePermissionsBoundary', 'TagRole', 'UntagRole'],
      ...['UpdateAssumeRolePolicy', 'UpdateRole', 'UpdateRoleDescription'],
    ].map((action) => `iam:${action}`),
  },
  aws_iam_role_policy: { role: ['iam:DeleteRolePolicy', 'iam:GetRolePolicy', 'iam:PutRolePolicy'] },
  aws_lambda_function: {
    function: [
      ...['CreateFunction', 'DeleteFunction', 'DeleteFunctionCodeSigningConfig', 'DeleteFunctionConcurrency'],
      ...['GetFunction', 'GetFunctionCodeSigningConfig', 'GetFunctionConfiguration', 'ListTags'],
      ...['ListVersionsByFunction', 'PutFunctionCodeSigningConfig', 'PutFunctionConcurrency', 'TagResource'],
      ...['UntagResource', 'UpdateFunctionCode', 'UpdateFunctionConfiguration'],
    ].map((action) => `lambda:${action}`),
  },
  aws_lambda_permission: { function: ['lambda:AddPermission', 'lambda:GetPolicy', 'lambda:RemovePermission'] },
  aws_scheduler_schedule: {
    schedule: ['CreateSchedule', 'DeleteSchedule', 'GetSchedule', 'UpdateSchedule'].map(
      (action) => `scheduler:${action}`,
    ),
  },
  aws_security_group: {
    anything: [
      ...['CreateSecurityGroup', 'CreateTags', 'DeleteSecurityGroup', 'DeleteTags', 'DescribeNetworkInterfaces'],
      ...['DescribeSecurityGroups', 'DescribeSubnets', 'DescribeVpcs', 'RevokeSecurityGroupEgress'],
    ].map((action) => `ec2:${action}`),
  },
  aws_vpc_security_group_egress_rule: {
    anything: [
      ...['AuthorizeSecurityGroupEgress', 'DescribeSecurityGroupRules', 'ModifySecurityGroupRules'],
      'RevokeSecurityGroupEgress',
    ].map((action) => `ec2:${action}`),
  },
  // On the bucket and the profile that you give; here they are not known.
  aws_s3_object: {
    anything: ['s3:DeleteObject', 's3:GetObject', 's3:GetObjectTagging', 's3:GetObjectVersion', 's3:PutObject'],
  },
  aws_signer_signing_job: { anything: ['signer:DescribeSigningJob', 'signer:StartSigningJob'] },
  aws_vpc_endpoint: {
    anything: [
      ...['CreateTags', 'CreateVpcEndpoint', 'DeleteTags', 'DeleteVpcEndpoints', 'DescribePrefixLists'],
      ...['DescribeVpcAttribute', 'DescribeVpcEndpoints', 'DescribeVpcs', 'ModifyVpcEndpoint'],
    ].map((action) => `ec2:${action}`),
  },
  aws_vpc_security_group_ingress_rule: {
    anything: [
      ...['AuthorizeSecurityGroupIngress', 'DescribeSecurityGroupRules', 'ModifySecurityGroupRules'],
      'RevokeSecurityGroupIngress',
    ].map((action) => `ec2:${action}`),
  },
  aws_lambda_invocation: { function: ['lambda:InvokeFunction'] },
  aws_iam_role_policy_attachment: { role: ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'] },
  aws_cloudwatch_metric_alarm: {
    alarm: [
      ...['DeleteAlarms', 'DescribeAlarms', 'ListTagsForResource', 'PutMetricAlarm', 'TagResource', 'UntagResource'],
    ].map((action) => `cloudwatch:${action}`),
  },
  aws_sns_topic: {
    topic: [
      ...['CreateTopic', 'DeleteTopic', 'GetTopicAttributes', 'ListTagsForResource', 'SetTopicAttributes'],
      ...['TagResource', 'UntagResource'],
    ].map((action) => `sns:${action}`),
  },
  aws_sns_topic_policy: { topic: ['sns:GetTopicAttributes', 'sns:SetTopicAttributes'] },
  // What names a subscription is allowed on everything, or not at all.
  aws_sns_topic_subscription: {
    topic: ['sns:Subscribe'],
    anything: ['sns:GetSubscriptionAttributes', 'sns:SetSubscriptionAttributes', 'sns:Unsubscribe'],
  },
  aws_cloudwatch_event_rule: {
    rule: ['DeleteRule', 'DescribeRule', 'ListTagsForResource', 'PutRule', 'TagResource', 'UntagResource'].map(
      (action) => `events:${action}`,
    ),
  },
  aws_cloudwatch_event_target: { rule: ['events:ListTargetsByRule', 'events:PutTargets', 'events:RemoveTargets'] },
  aws_cloudwatch_event_api_destination: {
    destination: ['CreateApiDestination', 'DeleteApiDestination', 'DescribeApiDestination', 'UpdateApiDestination'].map(
      (action) => `events:${action}`,
    ),
  },
  aws_sfn_state_machine: {
    machine: [
      ...['CreateStateMachine', 'DeleteStateMachine', 'DescribeStateMachine', 'ListStateMachineVersions'],
      ...['ListTagsForResource', 'TagResource', 'UntagResource', 'UpdateStateMachine'],
    ].map((action) => `states:${action}`),
    // At plan, of a machine that does not exist yet: https://github.com/hashicorp/terraform-provider-aws/issues/39472
    anything: ['states:ValidateStateMachineDefinition'],
  },
  aws_sqs_queue: {
    queue: [
      ...['CreateQueue', 'DeleteQueue', 'GetQueueAttributes', 'ListQueueTags', 'SetQueueAttributes', 'TagQueue'],
      'UntagQueue',
    ].map((action) => `sqs:${action}`),
  },
  aws_sqs_queue_policy: { queue: ['sqs:GetQueueAttributes', 'sqs:SetQueueAttributes'] },
};

/** Which service gets the roles of a resource. */
const PASSES_TO: Readonly<Record<string, string>> = {
  aws_cloudwatch_event_target: 'events.amazonaws.com',
  aws_sfn_state_machine: 'states.amazonaws.com',
  aws_lambda_function: 'lambda.amazonaws.com',
  aws_scheduler_schedule: 'scheduler.amazonaws.com',
};

const SIDS: Readonly<Record<On, string>> = {
  secret: 'Secrets',
  function: 'Functions',
  role: 'Roles',
  'log group': 'Logs',
  schedule: 'Schedules',
  alarm: 'Alarms',
  topic: 'Topics',
  rule: 'Rules',
  destination: 'Destinations',
  machine: 'Machines',
  queue: 'Queues',
  anything: 'Lookups',
};

/** The types that a module always makes, and those that each option adds. @param made by all of its files */
export function byOption(made: readonly MadeResource[]) {
  const always = [...new Set(made.filter(({ option }) => option === undefined).map(({ type }) => type))].sort();
  const options = [...new Set(made.flatMap(({ option }) => option ?? []))].sort();
  return {
    always,
    options: options.map((option) => {
      const types = made
        .filter((each) => each.option === option && !always.includes(each.type))
        .map(({ type }) => type);
      return [option, [...new Set(types)].sort()] as const;
    }),
  };
}

/** What somebody who deploys resources of these types must be allowed to do. It reads no secret's value. */
export function deployPolicy(types: readonly string[], { account, secrets, functions }: Place): Policy {
  const resources: Readonly<Record<On, string>> = {
    secret: `arn:aws:secretsmanager:*:${account}:secret:${secrets}*`,
    function: `arn:aws:lambda:*:${account}:function:${functions}*`,
    role: `arn:aws:iam::${account}:role/${functions}*`,
    'log group': `arn:aws:logs:*:${account}:log-group:/aws/lambda/${functions}*`,
    schedule: `arn:aws:scheduler:*:${account}:schedule/default/${functions}*`,
    // Alarms are named for the functions and for the alarms' own construct.
    alarm: `arn:aws:cloudwatch:*:${account}:alarm:*`,
    topic: `arn:aws:sns:*:${account}:${functions}*`,
    rule: `arn:aws:events:*:${account}:rule/${functions}*`,
    destination: `arn:aws:events:*:${account}:api-destination/${functions}*`,
    machine: `arn:aws:states:*:${account}:stateMachine:${functions}*`,
    queue: `arn:aws:sqs:*:${account}:${functions}*`,
    anything: '*',
  };
  const unknown = types.filter((type) => CALLS[type] === undefined);
  if (unknown.length > 0) throw new Error(`No actions are known for ${unknown.join(', ')}: add them to CALLS.`);
  const statements = (Object.keys(SIDS) as On[]).flatMap((on): Statement[] => {
    const actions = [...new Set(types.flatMap((type) => CALLS[type]?.[on] ?? []))].sort();
    return actions.length === 0 ? [] : [{ Sid: SIDS[on], Effect: 'Allow', Action: actions, Resource: resources[on] }];
  });
  const services = types.flatMap((type) => PASSES_TO[type] ?? []);
  if (services.length > 0) {
    statements.push({
      Sid: 'PassTheRoles',
      Effect: 'Allow',
      Action: ['iam:PassRole'],
      Resource: resources.role,
      Condition: { StringEquals: { 'iam:PassedToService': services } },
    });
  }
  return { Version: '2012-10-17', Statement: statements };
}
