type Json = Readonly<Record<string, unknown>>;

/** What an action does to what it is allowed on. What is not listed is shown as the policy spells it. */
const DOES: Readonly<Record<string, string>> = {
  'secretsmanager:DescribeSecret': 'describe',
  'secretsmanager:GetSecretValue': 'read',
  'secretsmanager:ListSecretVersionIds': 'list the versions of',
  'secretsmanager:PutSecretValue': 'change',
  'secretsmanager:UpdateSecretVersionStage': 'move the labels of',
  'logs:CreateLogStream': 'write to',
  'logs:PutLogEvents': 'write to',
  'kms:Decrypt': 'decrypt with',
  'kms:Encrypt': 'encrypt with',
  'kms:GenerateDataKey': 'encrypt with',
  'xray:PutTraceSegments': 'send traces to',
  'xray:PutTelemetryRecords': 'send traces to',
  'lambda:InvokeFunction': 'invoke',
  'sts:AssumeRole': 'assume',
};

/** Under which condition, by the condition's key. Others are shown as the policy spells them. */
const IF: Readonly<Record<string, string>> = {
  'kms:ViaService': 'through Secrets Manager',
  'kms:EncryptionContext:SecretARN': 'for its secret',
  'secretsmanager:resource/AllowRotationLambdaArn': 'while it is the function that rotates it',
};

/** A line for each statement of an IAM policy, such as `may describe, read and change the secret my-app/db`. */
export function policyInWords(document: string): string[] {
  return [JSON.parse(document).Statement ?? []].flat().map(inWords);
}

function inWords(statement: Json): string {
  const { Effect, Action, NotAction, Resource, NotResource, Condition } = statement;
  const may = Effect === 'Deny' ? 'may not' : 'may';
  const actions =
    NotAction === undefined ? actionsInWords(strings(Action)) : `do everything but ${joined(strings(NotAction))} on`;
  const resources =
    NotResource === undefined
      ? joined(strings(Resource).map(resourceInWords))
      : `everything but ${joined(strings(NotResource).map(resourceInWords))}`;
  return [may, actions, resources, ...conditions(Condition)].join(' ');
}

function actionsInWords(actions: readonly string[]): string {
  const others = actions.filter((action) => DOES[action] === undefined);
  const known = Object.keys(DOES).flatMap((action) => (actions.includes(action) ? (DOES[action] ?? []) : []));
  return joined([...known, ...(others.length === 0 ? [] : [`call ${joined(others)} on`])]);
}

function resourceInWords(arn: string): string {
  const name = arn.split(':').slice(5).join(':');
  // Secrets Manager adds a hyphen and six characters to a secret's name.
  if (name.startsWith('secret:')) return `the secret ${name.slice('secret:'.length).replace(/-[A-Za-z0-9?]{6}$/, '')}`;
  if (name.startsWith('log-group:')) return `the log ${name.slice('log-group:'.length).replace(/:\*$/, '')}`;
  if (name.startsWith('key/')) return `the key ${name.slice('key/'.length)}`;
  return arn === '*' ? 'any resource' : arn;
}

function conditions(condition: unknown): string[] {
  return Object.entries(Object(condition)).flatMap(([operator, keys]) =>
    Object.entries(Object(keys)).map(
      ([key, values]) => IF[key] ?? `if ${key} ${operator} ${joined(strings(values), 'or')}`,
    ),
  );
}

function strings(value: unknown): string[] {
  return [value ?? []].flat().map(String);
}

/** `a, b and c`, each of them once. */
function joined(texts: readonly string[], word = 'and'): string {
  const each = [...new Set(texts)];
  return each.length < 2 ? each.join() : `${each.slice(0, -1).join(', ')} ${word} ${each.at(-1)}`;
}
