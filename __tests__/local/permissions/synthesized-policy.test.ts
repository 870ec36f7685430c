import { fileURLToPath } from 'node:url';
import type { TerraformStack } from 'cdktf';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { Rotation, RotationFunction } from '../../../constructs/index.ts';
import type { CallEvent } from '../../../local/account-events.ts';
import { deploy } from '../../../local/deploy/deploy.ts';
import { localAws } from '../../../local/local-aws.ts';
import { evaluatePolicies } from '../../../local/permissions/evaluate-policy.ts';
import { startInProcess } from '../../../testing/in-process-function.ts';
import { type DeclaredSecret, synthesized, type TerraformStatement } from './synthesized.ts';

const KEY = 'arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const OTHER_SECRET = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:other/db-AbCdEf';

/** Every synthesized policy. A new archive, or a new permission, needs one row. */
const POLICIES: readonly { title: string; declare: (stack: TerraformStack) => DeclaredSecret }[] = [
  { title: 'a password', declare: () => ({ rotation: Rotation.password() }) },
  {
    title: 'a password under a customer key, traced',
    declare: () => ({ rotation: Rotation.password(), kmsKeyArn: KEY, functionOptions: { tracing: true } }),
  },
  {
    title: 'a strategy that reads earlier versions',
    declare: () => ({
      rotation: Rotation.custom({ entry: fileURLToPath(new URL('earlier-versions.ts', import.meta.url)) }),
    }),
  },
  {
    title: 'a function that several secrets share',
    declare: (stack) => ({
      rotation: new RotationFunction(stack, 'fleet', {
        functionName: 'rotate-my-app-db',
        rotation: Rotation.password(),
        secretNamePrefix: 'my-app/',
        kmsKeyArns: [KEY],
      }),
      kmsKeyArn: KEY,
    }),
  },
];

/** For each condition, the values of a request that it must stop. */
const STOPPED: Readonly<Record<string, string>> = {
  'kms:ViaService': 's3.us-east-1.amazonaws.com',
  'kms:EncryptionContext:SecretARN': OTHER_SECRET,
  'secretsmanager:resource/AllowRotationLambdaArn': 'arn:aws:lambda:us-east-1:123456789012:function:other',
};

/** What a missing permission does to a rotation: the log or the traces are lost, anything else fails. */
const FATAL = ['secretsmanager', 'kms'];

describe.each(POLICIES)('the policy for $title', ({ declare }) => {
  const stack = synthesized((scope) => ({ initial: { username: 'user1' }, ...declare(scope) }));
  const { statements } = stack;
  afterAll(() => stack.remove());

  /** Deploys the stack with these statements, and watches its first rotation. */
  async function rotated(changed: readonly TerraformStatement[]) {
    const aws = await localAws({ rotation: { attempts: 1 }, startFunction: startInProcess });
    onTestFinished(() => aws.close());
    const { account } = aws;
    const calls: CallEvent[] = [];
    let failure: string | undefined;
    account.events.on('call', (call) => call.caller.arn.includes(':assumed-role/') && calls.push(call));
    account.events.on('rotationFailed', (event) => {
      failure = event.failure.errorMessage;
    });
    await deploy(stack.withStatements(changed), account, { folder: stack.folder });
    await aws.rotationSettled('my-app/db');
    const rotator = account.functions.find('rotate-my-app-db');
    // Only then has the last line arrived.
    await aws.close();
    const named = calls.map((call) => ({ ...call, name: `${call.service}:${call.action}` }));
    return {
      failure,
      done: new Set(named.filter(({ errorCode }) => !errorCode).map(({ name }) => name)),
      refused: named.filter(({ errorCode }) => errorCode === 'AccessDeniedException'),
      log: rotator?.log ?? [],
      role: account.roles.find(calls[0]?.caller.arn.split('/').at(-2) ?? ''),
      functionArn: rotator?.configuration.FunctionArn,
      secretArn: account.secrets.find('my-app/db')?.arn ?? '',
    };
  }

  it('lets a rotation succeed, and the rotation uses everything that is allowed', async () => {
    const { failure, refused, done, log } = await rotated(statements);
    expect(failure).toBeUndefined();
    expect(refused).toEqual([]);
    expect([...done].sort()).toEqual(statements.flatMap(({ actions }) => actions).sort());
    expect(log).not.toEqual([]);
  });

  const actions = statements.flatMap((statement) => statement.actions.map((action) => [action, statement] as const));

  it.each(actions)('needs %s', async (action, statement) => {
    const rest = statement.actions.filter((each) => each !== action);
    const { failure, refused, log } = await rotated(
      replaced(statement, rest.length > 0 ? { actions: rest } : undefined),
    );
    expect(refused[0]).toMatchObject({
      name: action,
      errorMessage: expect.stringContaining(`because no identity-based policy allows the ${action} action`),
    });
    if (action.startsWith('secretsmanager:')) expect(failure).toContain(action);
    else if (action.startsWith('kms:')) expect(failure).toContain('Access to KMS is not allowed');
    else expect(failure).toBeUndefined();
    expect(log.length > 0).toBe(!action.startsWith('logs:'));
  });

  it.each(statements)('needs the statement $sid', async (statement) => {
    const [service = ''] = statement.actions[0]?.split(':') ?? [];
    const { failure, refused, log } = await rotated(replaced(statement, undefined));
    expect(statement.actions).toContain(refused[0]?.name);
    expect(failure !== undefined).toBe(FATAL.includes(service));
    expect(log.length > 0).toBe(service !== 'logs');
  });

  it('stops what it must stop, by each resource and each condition', async () => {
    const { role, functionArn, secretArn } = await rotated(statements);
    const document = role?.inlinePolicies.get('rotation') ?? '';
    const context = {
      'kms:ViaService': 'secretsmanager.us-east-1.amazonaws.com',
      'kms:EncryptionContext:SecretARN': secretArn,
      'secretsmanager:resource/AllowRotationLambdaArn': functionArn,
    };
    for (const { sid, actions, resources, condition = [] } of statements) {
      const rendered = statementOf(document, sid);
      const [action = ''] = actions;
      const [resource = ''] = [rendered.Resource].flat().map((each) => each.replace(/\*$/, 'any'));
      const verdict = (Statement: object, changed: object, on = resource) =>
        evaluatePolicies([{ name: sid, document: JSON.stringify({ Statement }) }], {
          action,
          resource: on,
          context: { ...context, ...changed },
        });
      expect(verdict(rendered, {})).toBe('allowed');
      if (!resources.includes('*')) {
        expect(verdict(rendered, {}, resource.replace(/my-app|1234abcd/, 'other'))).not.toBe('allowed');
      }
      for (const { test, variable } of condition) {
        expect(STOPPED).toHaveProperty([variable]);
        const stopped = { [variable]: STOPPED[variable] };
        const { [variable]: _, ...others } = rendered.Condition?.[test] ?? {};
        expect(verdict(rendered, stopped)).not.toBe('allowed');
        expect(verdict({ ...rendered, Condition: { ...rendered.Condition, [test]: others } }, stopped)).toBe('allowed');
      }
    }
  });

  /** The statements with one of them changed, or without it. */
  function replaced(statement: TerraformStatement, change: Partial<TerraformStatement> | undefined) {
    return statements.flatMap((each) => {
      if (each !== statement) return [each];
      return change ? [{ ...each, ...change }] : [];
    });
  }
});

interface RenderedStatement {
  readonly Sid: string;
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

function statementOf(document: string, sid: string): RenderedStatement {
  const { Statement }: { Statement: RenderedStatement[] } = JSON.parse(document);
  const found = Statement.find(({ Sid }) => Sid === sid);
  if (!found) throw new Error(`The deployed policy has no statement ${sid}.`);
  return found;
}
