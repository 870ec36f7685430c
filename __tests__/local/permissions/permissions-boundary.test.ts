import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeleteRolePermissionsBoundaryCommand,
  IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateSecretCommand, GetSecretValueCommand, PutResourcePolicyCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Rotation } from '../../../constructs/index.ts';
import { deploy } from '../../../local/deploy/deploy.ts';
import { createPolicy } from '../../../local/iam/managed-policies.ts';
import { assumedKeys, clientIn, rootKeys } from '../sdk-clients.ts';
import { runningAccount } from '../secrets-manager/running-account.ts';
import { synthesized } from './synthesized.ts';

const HOME = '123456789012';
const ROLE = `arn:aws:iam::${HOME}:role/reader`;
const SESSION = `arn:aws:sts::${HOME}:assumed-role/reader/test`;
const READ = 'secretsmanager:GetSecretValue';
const document = (...statements: readonly object[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements.map((each) => ({ Resource: '*', ...each })) });
const allow = (Action: string) => ({ Effect: 'Allow', Action });
const deny = (Action: string) => ({ Effect: 'Deny', Action });

/** A secret, and a role with a boundary that has these statements. */
async function bounded(...statements: readonly object[]) {
  const { aws, client } = await runningAccount();
  const iam = new IAMClient({ endpoint: aws.endpoint, region: 'us-east-1', credentials: rootKeys(), maxAttempts: 1 });
  onTestFinished(() => iam.destroy());
  const { Policy } = await iam.send(
    new CreatePolicyCommand({ PolicyName: 'boundary', Path: '/team/', PolicyDocument: document(...statements) }),
  );
  const boundary = Policy?.Arn ?? '';
  const AssumeRolePolicyDocument = JSON.stringify({
    Statement: { Effect: 'Allow', Principal: { AWS: HOME }, Action: 'sts:AssumeRole' },
  });
  await iam.send(
    new CreateRoleCommand({ RoleName: 'reader', AssumeRolePolicyDocument, PermissionsBoundary: boundary }),
  );
  await client.send(new CreateSecretCommand({ Name: 's', SecretString: 'value' }));
  const reader = clientIn(aws, 'us-east-1', await assumedKeys(aws, ROLE));
  return {
    iam,
    boundary,
    own: (statement: object) =>
      iam.send(
        new PutRolePolicyCommand({ RoleName: 'reader', PolicyName: 'own', PolicyDocument: document(statement) }),
      ),
    secrets: (statement: object) =>
      client.send(new PutResourcePolicyCommand({ SecretId: 's', ResourcePolicy: document(statement) })),
    read: () =>
      reader.send(new GetSecretValueCommand({ SecretId: 's' })).then(({ SecretString }) => SecretString, String),
  };
}

describe('a permissions boundary', () => {
  it.each([
    ['allows it, too', [allow('secretsmanager:*')], 'value'],
    ['does not allow it', [allow('logs:*')], `because no permissions boundary allows the ${READ} action`],
    ['denies it', [allow('*'), deny(READ)], 'with an explicit deny in a permissions boundary'],
  ])('lets the role do what its own policy allows only if the boundary %s', async (_what, statements, answer) => {
    const { own, read } = await bounded(...statements);
    expect(await read()).toMatch(/because no identity-based policy allows|explicit deny in a permissions boundary/);
    await own(allow(READ));
    expect(await read()).toContain(answer);
  });

  it.each([
    ['limits a policy of the secret that names the role', { ...allow(READ), Principal: { AWS: ROLE } }, false],
    ['does not limit one that names the session', { ...allow(READ), Principal: { AWS: SESSION } }, true],
  ])('%s', async (_what, statement, isAllowed) => {
    const { secrets, read } = await bounded(allow('logs:*'));
    await secrets(statement);
    expect((await read()) === 'value').toBe(isAllowed);
  });

  it('makes a Deny with NotPrincipal deny its role, no matter who is named', async () => {
    const { iam, own, secrets, read } = await bounded(allow('*'));
    await own(allow(READ));
    await secrets({ ...deny(READ), NotPrincipal: { AWS: [HOME, ROLE, SESSION] } });
    expect(await read()).toContain('with an explicit deny in a resource-based policy');
    await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: 'reader' }));
    expect(await read()).toBe('value');
  });

  it('that nobody has created here limits nothing', async () => {
    const { iam, own, read } = await bounded(allow('logs:*'));
    await own(allow(READ));
    const PermissionsBoundary = `arn:aws:iam::${HOME}:policy/elsewhere`;
    await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: 'reader', PermissionsBoundary }));
    expect(await read()).toBe('value');
  });

  it('is a policy like others: it can be attached, and is deleted when no role has it', async () => {
    const { iam, boundary, read } = await bounded(allow(READ));
    await iam.send(new AttachRolePolicyCommand({ RoleName: 'reader', PolicyArn: boundary }));
    expect(await read()).toBe('value');
    const remove = () => iam.send(new DeletePolicyCommand({ PolicyArn: boundary }));
    await expect(remove()).rejects.toMatchObject({ name: 'DeleteConflictException' });
    const PermissionsBoundary = `arn:aws:iam::${HOME}:policy/elsewhere`;
    await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: 'reader', PermissionsBoundary }));
    await expect(remove()).rejects.toMatchObject({ name: 'DeleteConflictException' });
  });

  it.each([
    ['rotates', '*', 'succeeded'],
    ['does not rotate', 'logs:*', 'failed'],
  ])('of a deployed function decides whether it %s', async (_what, action, outcome) => {
    const permissionsBoundaryArn = `arn:aws:iam::${HOME}:policy/boundary`;
    const stack = synthesized(() => ({ rotation: Rotation.password(), functionOptions: { permissionsBoundaryArn } }));
    onTestFinished(() => stack.remove());
    const { aws } = await runningAccount();
    createPolicy({ PolicyName: 'boundary', PolicyDocument: document(allow(action)) }, aws.account);
    await deploy(stack.withStatements(stack.statements), aws.account, { folder: stack.folder }).catch(() => {});
    expect(await aws.rotationSettled('my-app/db')).toBe(outcome);
  });
});
