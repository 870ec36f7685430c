import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allowedByDefault } from '../../commands/check-stack/allowed.ts';
import { byOption, deployPolicy } from '../../packaging/deploy-policy.ts';
import { moduleSources } from '../../packaging/module-sources.ts';

const ciPage = readFileSync('docs/ci.md', 'utf8');

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: readonly string[];
}

/** The statements of the JSON below a heading of docs/ci.md. */
function statementsBelow(heading: string): readonly Statement[] {
  const [, section = ''] = ciPage.split(`\n## ${heading}\n`);
  const blocks = [...(section.split('\n## ')[0] ?? '').matchAll(/^```json\n(.*?)^```/gms)];
  return blocks.flatMap(([, json = '']) => JSON.parse(json).Statement);
}

function actionsBelow(heading: string, effect = 'Allow'): readonly string[] {
  const statements = statementsBelow(heading).filter(({ Effect }) => Effect === effect);
  return statements.flatMap(({ Action }) => Action).filter((action) => action !== 'sts:AssumeRoleWithWebIdentity');
}

const reads = (action: string) => /^\w+:(Get|List|Describe)\w+$/.test(action);

describe('The plan role of docs/ci.md', () => {
  it('sees what is deployed, and can change nothing and read no value', () => {
    const allowed = actionsBelow('The plan role');
    expect(allowed.length).toBeGreaterThan(10);
    expect(allowed.filter((action) => !reads(action))).toEqual([]);
    expect(allowed).not.toContain('secretsmanager:GetSecretValue');
    expect(actionsBelow('The plan role', 'Deny')).toContain('secretsmanager:GetSecretValue');
  });

  it('may do nothing that the apply role may not', () => {
    const apply = actionsBelow('The apply role');
    expect(actionsBelow('The plan role').filter((action) => !apply.includes(action))).toEqual([]);
  });
});

describe('The apply role of docs/ci.md', () => {
  const place = { account: '111122223333', secrets: 'my-app/', functions: 'rotate-' };
  const { always } = byOption(moduleSources().find(({ name }) => name === 'password')?.made ?? []);

  /** What a stack has, and the types of its resources, in the order of the page. */
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['functions in a VPC', ['aws_security_group', 'aws_vpc_security_group_egress_rule']],
    ['a `SecretsManagerEndpoint`', ['aws_security_group', 'aws_vpc_security_group_ingress_rule', 'aws_vpc_endpoint']],
    ['`refreshEveryMinutes`', ['aws_scheduler_schedule']],
    [
      '`RotationAlarms`',
      [
        ...['aws_cloudwatch_metric_alarm', 'aws_sns_topic', 'aws_sns_topic_policy', 'aws_sns_topic_subscription'],
        ...['aws_cloudwatch_event_rule', 'aws_cloudwatch_event_target', 'aws_scheduler_schedule'],
        'aws_lambda_invocation',
      ],
    ],
    [
      '`onRotated`',
      [
        ...['aws_cloudwatch_event_rule', 'aws_cloudwatch_event_target', 'aws_cloudwatch_event_api_destination'],
        ...['aws_sfn_state_machine', 'aws_sqs_queue', 'aws_sqs_queue_policy'],
      ],
    ],
    ['a `resourcePolicy`', ['aws_secretsmanager_secret_policy']],
    ['signed code', ['aws_s3_object', 'aws_signer_signing_job']],
    ['a managed policy', ['aws_iam_role_policy_attachment']],
  ];

  it('may do what the provider calls for secrets and their functions, and keep the state', () => {
    const [state, find, ...statements] = statementsBelow('The apply role');
    expect(statements).toEqual(deployPolicy(always, place).Statement);
    expect(state?.Action).toEqual(['s3:GetObject', 's3:PutObject', 's3:DeleteObject']);
    expect(find?.Action).toEqual(['s3:ListBucket']);
    expect(actionsBelow('The apply role')).not.toContain('secretsmanager:GetSecretValue');
  });

  it.each(rows)('has in the table what %s needs', (title, types) => {
    const functions = title === '`RotationAlarms`' ? 'my-app-' : place.functions;
    const { Statement } = deployPolicy(types, { ...place, functions });
    const row = ciPage.split('\n').find((line) => line.startsWith(`| ${title}`)) ?? '';
    const named = [...row.matchAll(/`([a-z\d]+:[A-Z]\w+)`/g)].map(([, action]) => action);
    expect(named.toSorted()).toEqual(Statement.flatMap(({ Action }) => Action).toSorted());
    for (const { Resource, Condition } of Statement) {
      expect(row).toContain(` on \`${Resource}\``);
      for (const service of Condition?.StringEquals?.['iam:PassedToService'] ?? [])
        expect(row).toContain(`"iam:PassedToService": "${service}"`);
    }
  });

  it('leaves out no resource that the check of the stack accepts', () => {
    const told = new Set([...always, ...rows.flatMap(([, types]) => types)]);
    expect(Object.keys(allowedByDefault.resource).filter((type) => !told.has(type))).toEqual([]);
  });
});
