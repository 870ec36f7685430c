// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's own interpolation

/** A function that rotates a secret by hand: it puts `turned` and moves the label. */
export const TURNING_FUNCTION = `
async function call(action, input) {
  const { AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_REGION } = process.env;
  const scope = AWS_ACCESS_KEY_ID + '/20260101/' + AWS_REGION + '/secretsmanager/aws4_request';
  const response = await fetch(AWS_ENDPOINT_URL, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'secretsmanager.' + action,
      authorization: 'AWS4-HMAC-SHA256 Credential=' + scope + ', SignedHeaders=host, Signature=none',
    },
    body: JSON.stringify(input),
  });
  const body = await response.json();
  if (!response.ok) throw Object.assign(new Error(body.Message), { name: body.__type });
  return body;
}
exports.handler = async ({ Step, SecretId, ClientRequestToken }) => {
  console.log(Step, process.env.COLOUR);
  if (Step === 'createSecret') {
    await call('PutSecretValue', { SecretId, ClientRequestToken, SecretString: 'turned', VersionStages: ['AWSPENDING'] });
  }
  if (Step === 'finishSecret') {
    const { VersionId } = await call('GetSecretValue', { SecretId });
    await call('UpdateSecretVersionStage', {
      SecretId, VersionStage: 'AWSCURRENT', MoveToVersionId: ClientRequestToken, RemoveFromVersionId: VersionId });
  }
};
`;

/** A whole stack, as cdktf writes it, for a folder whose `assets/turn/index.js` holds the function. */
export function rotatingStack() {
  return {
    '//': { metadata: { stackName: 'turn' } },
    terraform: { required_providers: { aws: { source: 'hashicorp/aws', version: '>= 6.50.0' } } },
    provider: { aws: [{ region: 'us-east-1' }], archive: [{}] },
    variable: { first_password: { type: 'string', ephemeral: true, sensitive: true, default: null } },
    data: {
      aws_caller_identity: { me: {} },
      aws_region: { here: {} },
      aws_partition: { here: {} },
      archive_file: {
        code: {
          type: 'zip',
          source_dir: '${path.module}/assets/turn',
          output_path: '${path.module}/.build/turn.zip',
          output_file_mode: '0644',
        },
      },
      aws_iam_policy_document: {
        trust: {
          statement: [
            { actions: ['sts:AssumeRole'], principals: [{ type: 'Service', identifiers: ['lambda.amazonaws.com'] }] },
          ],
        },
        rotate: {
          statement: [
            {
              actions: [
                'secretsmanager:GetSecretValue',
                'secretsmanager:PutSecretValue',
                'secretsmanager:UpdateSecretVersionStage',
              ],
              resources: ['${aws_secretsmanager_secret.turn.arn}'],
            },
            {
              actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
              resources: ['${aws_cloudwatch_log_group.turn.arn}:*'],
            },
          ],
        },
      },
    },
    resource: {
      aws_secretsmanager_secret_rotation: {
        turn: {
          secret_id: '${aws_secretsmanager_secret.turn.id}',
          rotation_lambda_arn: '${aws_lambda_function.turn.arn}',
          rotation_rules: { automatically_after_days: 30 },
          depends_on: [
            'aws_lambda_permission.turn',
            'aws_iam_role_policy.turn',
            'aws_secretsmanager_secret_version.turn',
          ],
        },
      },
      aws_secretsmanager_secret: { turn: { name: 'turn', description: 'Turned', tags: { owner: 'test' } } },
      aws_secretsmanager_secret_version: {
        turn: {
          secret_id: '${aws_secretsmanager_secret.turn.id}',
          secret_string_wo: '${jsonencode({"username" = "reader", "password" = var.first_password})}',
          secret_string_wo_version: 1,
          version_stages: ['TERRAFORM_INITIAL'],
          lifecycle: { ignore_changes: ['secret_string_wo_version', 'version_stages'] },
        },
      },
      aws_iam_role: {
        turn: {
          '//': { metadata: { path: 'turn/role' } },
          name: 'turn',
          assume_role_policy: '${data.aws_iam_policy_document.trust.json}',
        },
      },
      aws_iam_role_policy: {
        turn: {
          name: 'rotate',
          role: '${aws_iam_role.turn.name}',
          policy: '${data.aws_iam_policy_document.rotate.json}',
        },
      },
      aws_cloudwatch_log_group: { turn: { name: '/aws/lambda/turn', retention_in_days: 365 } },
      aws_lambda_function: {
        turn: {
          function_name: 'turn',
          filename: '${data.archive_file.code.output_path}',
          source_code_hash: '${data.archive_file.code.output_base64sha256}',
          handler: 'index.handler',
          runtime: 'nodejs24.x',
          architectures: ['arm64'],
          role: '${aws_iam_role.turn.arn}',
          timeout: 30,
          environment: { variables: { COLOUR: 'green' } },
          logging_config: [{ log_format: 'JSON', log_group: '${aws_cloudwatch_log_group.turn.name}' }],
        },
      },
      aws_lambda_permission: {
        turn: {
          statement_id: 'secretsmanager',
          action: 'lambda:InvokeFunction',
          principal: 'secretsmanager.${data.aws_partition.here.dns_suffix}',
          function_name: '${aws_lambda_function.turn.function_name}',
          source_arn: '${aws_secretsmanager_secret.turn.arn}',
          source_account: '${data.aws_caller_identity.me.account_id}',
        },
      },
    },
    output: {
      function_arn: { value: '${aws_lambda_function.turn.arn}' },
      place: { value: '${data.aws_region.here.name}/${data.aws_caller_identity.me.account_id}' },
      interval_days: { value: '${aws_secretsmanager_secret_rotation.turn.rotation_rules[0].automatically_after_days}' },
      first: { value: '${var.first_password}', sensitive: true },
    },
  };
}
