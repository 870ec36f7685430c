/**
 * What a stack may hold: all that the constructs of this project write, and what a stack around them needs. Whatever is not
 * here is refused. Nested arguments are dotted; a `*` is any name, such as that of a tag.
 */
export interface Allowed {
  readonly resource: ArgumentsByType;
  readonly data: ArgumentsByType;
  readonly ephemeral: ArgumentsByType;
  /** Arguments of each provider's configuration. */
  readonly provider: ArgumentsByType;
  readonly backend: ArgumentsByType;
  /** Sources and versions, by the provider's name in the stack. */
  readonly requiredProviders: Readonly<Record<string, ProviderSource>>;
  /** Variables that need not be ephemeral. */
  readonly variable: readonly string[];
  /** Roles that a provider may assume, to the letter. @default none, or any if the argument is on the list */
  readonly assumedRoles?: readonly string[];
  /** Whether a secret's policy may be public. @default false */
  readonly publicPolicies?: boolean;
  /** What the backend must be, to the letter. @default any backend whose arguments are allowed */
  readonly exactBackend?: unknown;
}

interface ProviderSource {
  readonly source: string;
  readonly version: string;
}

export type ArgumentsByType = Readonly<Record<string, readonly string[]>>;

const TAGS = ['tags.*'];

export const allowedByDefault: Allowed = {
  requiredProviders: {
    archive: { source: 'hashicorp/archive', version: '>= 2.7.0, < 3.0.0' },
    aws: { source: 'hashicorp/aws', version: '>= 6.50.0, < 7.0.0' },
  },
  provider: {
    archive: ['alias'],
    aws: [
      'alias',
      'allowed_account_ids',
      'default_tags.tags.*',
      'forbidden_account_ids',
      'ignore_tags.key_prefixes',
      'ignore_tags.keys',
      'max_retries',
      'region',
      'retry_mode',
      'sts_region',
      'use_dualstack_endpoint',
      'use_fips_endpoint',
    ],
  },
  backend: {
    local: ['path'],
    s3: ['bucket', 'dynamodb_table', 'encrypt', 'key', 'kms_key_id', 'region', 'use_lockfile', 'workspace_key_prefix'],
  },
  variable: [],
  ephemeral: {},
  data: {
    archive_file: ['output_file_mode', 'output_path', 'source_dir', 'type'],
    aws_caller_identity: [],
    aws_iam_policy_document: [
      'source_policy_documents',
      'statement.actions',
      'statement.condition.test',
      'statement.condition.values',
      'statement.condition.variable',
      'statement.effect',
      'statement.not_actions',
      'statement.not_principals.identifiers',
      'statement.not_principals.type',
      'statement.not_resources',
      'statement.principals.identifiers',
      'statement.principals.type',
      'statement.resources',
      'statement.sid',
    ],
    aws_partition: [],
    aws_region: [],
    aws_secretsmanager_secret: ['arn', 'name', 'region'],
    aws_secretsmanager_secret_rotation: ['region', 'secret_id'],
    aws_secretsmanager_secret_versions: ['include_deprecated', 'region', 'secret_id'],
    aws_secretsmanager_secrets: ['filter.name', 'filter.values', 'region'],
    aws_subnet: ['id'],
    aws_vpc: ['id'],
  },
  resource: {
    aws_cloudwatch_event_api_destination: [
      'connection_arn',
      'description',
      'http_method',
      'invocation_endpoint',
      'name',
      'region',
    ],
    aws_cloudwatch_event_rule: ['description', 'event_pattern', 'name', 'name_prefix', 'region', 'state', ...TAGS],
    aws_cloudwatch_event_target: [
      'arn',
      'dead_letter_config.arn',
      'input_transformer.input_paths.*',
      'input_transformer.input_template',
      'region',
      'role_arn',
      'rule',
      'target_id',
    ],
    aws_cloudwatch_log_group: ['kms_key_id', 'name', 'region', 'retention_in_days', ...TAGS],
    aws_cloudwatch_metric_alarm: [
      'alarm_actions',
      'alarm_description',
      'alarm_name',
      'comparison_operator',
      'dimensions.*',
      'evaluation_periods',
      'metric_name',
      'namespace',
      'ok_actions',
      'period',
      'region',
      'statistic',
      'threshold',
      'treat_missing_data',
      ...TAGS,
    ],
    aws_iam_role: [
      'assume_role_policy',
      'description',
      'max_session_duration',
      'name',
      'name_prefix',
      'path',
      'permissions_boundary',
      ...TAGS,
    ],
    aws_iam_role_policy: ['name', 'name_prefix', 'policy', 'role'],
    aws_iam_role_policy_attachment: ['policy_arn', 'role'],
    aws_lambda_function: [
      'architectures',
      'code_signing_config_arn',
      'description',
      'environment.variables.*',
      'filename',
      'function_name',
      'handler',
      'kms_key_arn',
      'logging_config.application_log_level',
      'logging_config.log_format',
      'logging_config.log_group',
      'logging_config.system_log_level',
      'memory_size',
      'region',
      'reserved_concurrent_executions',
      'role',
      'runtime',
      's3_bucket',
      's3_key',
      's3_object_version',
      'source_code_hash',
      'timeout',
      'tracing_config.mode',
      'vpc_config.ipv6_allowed_for_dual_stack',
      'vpc_config.security_group_ids',
      'vpc_config.subnet_ids',
      ...TAGS,
    ],
    aws_lambda_invocation: ['function_name', 'input', 'region', 'triggers.*'],
    aws_lambda_permission: [
      'action',
      'function_name',
      'principal',
      'region',
      'source_account',
      'source_arn',
      'statement_id',
    ],
    aws_s3_object: ['bucket', 'key', 'source', 'source_hash', ...TAGS],
    aws_scheduler_schedule: [
      'description',
      'flexible_time_window.mode',
      'kms_key_arn',
      'name',
      'region',
      'schedule_expression',
      'schedule_expression_timezone',
      'state',
      'target.arn',
      'target.input',
      'target.retry_policy.maximum_event_age_in_seconds',
      'target.retry_policy.maximum_retry_attempts',
      'target.role_arn',
    ],
    aws_secretsmanager_secret: [
      'description',
      'kms_key_id',
      'name',
      'name_prefix',
      'recovery_window_in_days',
      'region',
      'replica.kms_key_id',
      'replica.region',
      ...TAGS,
    ],
    aws_secretsmanager_secret_policy: ['block_public_policy', 'policy', 'region', 'secret_arn'],
    aws_secretsmanager_secret_rotation: [
      'region',
      'rotate_immediately',
      'rotation_lambda_arn',
      'rotation_rules.automatically_after_days',
      'rotation_rules.duration',
      'rotation_rules.schedule_expression',
      'secret_id',
    ],
    aws_secretsmanager_secret_version: [
      'region',
      'secret_id',
      'secret_string_wo',
      'secret_string_wo_version',
      'version_stages',
    ],
    aws_security_group: [
      'description',
      'egress.*',
      'ingress.*',
      'name',
      'name_prefix',
      'revoke_rules_on_delete',
      'vpc_id',
      ...TAGS,
    ],
    aws_sfn_state_machine: ['definition', 'name', 'name_prefix', 'region', 'role_arn', ...TAGS],
    aws_signer_signing_job: [
      'destination.s3.bucket',
      'destination.s3.prefix',
      'ignore_signing_job_failure',
      'profile_name',
      'source.s3.bucket',
      'source.s3.key',
      'source.s3.version',
    ],
    aws_sns_topic: ['kms_master_key_id', 'name', 'region', ...TAGS],
    aws_sns_topic_policy: ['arn', 'policy', 'region'],
    aws_sns_topic_subscription: ['endpoint', 'protocol', 'region', 'topic_arn'],
    aws_sqs_queue: ['message_retention_seconds', 'name', 'name_prefix', 'region', 'sqs_managed_sse_enabled', ...TAGS],
    aws_sqs_queue_policy: ['policy', 'queue_url', 'region'],
    aws_vpc_endpoint: [
      'policy',
      'private_dns_enabled',
      'security_group_ids',
      'service_name',
      'subnet_ids',
      'vpc_endpoint_type',
      'vpc_id',
      ...TAGS,
    ],
    aws_vpc_security_group_egress_rule: [
      'cidr_ipv4',
      'cidr_ipv6',
      'description',
      'from_port',
      'ip_protocol',
      'prefix_list_id',
      'referenced_security_group_id',
      'security_group_id',
      'to_port',
      ...TAGS,
    ],
    aws_vpc_security_group_ingress_rule: [
      'cidr_ipv4',
      'cidr_ipv6',
      'description',
      'from_port',
      'ip_protocol',
      'prefix_list_id',
      'referenced_security_group_id',
      'security_group_id',
      'to_port',
      ...TAGS,
    ],
  },
};

/** Functions that make values out of values. None reads a file, runs anything, or makes a secret value plain. */
export const PURE_FUNCTIONS: readonly string[] = [
  ...['abs', 'alltrue', 'anytrue', 'base64decode', 'base64encode', 'base64sha256', 'can', 'ceil', 'chomp', 'cidrhost'],
  ...[
    'cidrnetmask',
    'cidrsubnet',
    'cidrsubnets',
    'coalesce',
    'coalescelist',
    'compact',
    'concat',
    'contains',
    'distinct',
  ],
  ...['element', 'endswith', 'flatten', 'floor', 'format', 'formatlist', 'index', 'join', 'jsondecode', 'jsonencode'],
  ...[
    'keys',
    'length',
    'lookup',
    'lower',
    'max',
    'md5',
    'merge',
    'min',
    'one',
    'range',
    'regex',
    'regexall',
    'replace',
  ],
  ...['reverse', 'sensitive', 'setintersection', 'setsubtract', 'setunion', 'sha1', 'sha256', 'slice', 'sort', 'split'],
  ...[
    'startswith',
    'strcontains',
    'strrev',
    'substr',
    'sum',
    'title',
    'tobool',
    'tolist',
    'tomap',
    'tonumber',
    'toset',
  ],
  ...['tostring', 'trim', 'trimprefix', 'trimspace', 'trimsuffix', 'try', 'upper', 'urlencode', 'values', 'zipmap'],
];

/** Functions that read a file: one of the checked folder, given as a literal. */
export const FILE_FUNCTIONS: readonly string[] = [
  ...['file', 'filebase64', 'filebase64sha256', 'filebase64sha512', 'fileexists', 'filemd5', 'filesha1', 'filesha256'],
  'filesha512',
];

/** Sections of a stack's file. */
export const SECTIONS: readonly string[] = [
  ...['//', 'data', 'ephemeral', 'import', 'locals', 'moved', 'output', 'provider', 'removed', 'resource', 'terraform'],
  'variable',
];

/** What each resource, data source and ephemeral resource may have besides its arguments. */
export const META_ARGUMENTS: readonly string[] = ['//', 'depends_on', 'lifecycle', 'provider'];

export const LIFECYCLE: readonly string[] = [
  ...['create_before_destroy', 'ignore_changes', 'precondition', 'prevent_destroy', 'replace_triggered_by'],
];

export const OF_VARIABLE: readonly string[] = [
  ...['//', 'default', 'description', 'ephemeral', 'nullable', 'sensitive', 'type', 'validation'],
];

export const OF_CONDITION: readonly string[] = ['condition', 'error_message'];

export const OF_OUTPUT: readonly string[] = [
  ...['//', 'depends_on', 'description', 'ephemeral', 'precondition', 'sensitive', 'value'],
];

/**
 * Data sources that a condition may ask: they hold what AWS says, and not what they were given. A plan says which conditions
 * failed, so conditions that ask for one character each would spell out whatever they may name.
 */
export const DATA_OF_CONDITIONS: readonly string[] = [
  ...['aws_caller_identity', 'aws_partition', 'aws_region', 'aws_secretsmanager_secret_rotation'],
  ...['aws_secretsmanager_secret_versions', 'aws_secretsmanager_secrets', 'aws_subnet', 'aws_vpc'],
];
