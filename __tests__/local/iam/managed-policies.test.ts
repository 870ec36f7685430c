import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DetachRolePolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  IAMClient,
  ListPoliciesCommand,
  ListPolicyVersionsCommand,
  PutRolePolicyCommand,
  SetDefaultPolicyVersionCommand,
  TagPolicyCommand,
  UntagPolicyCommand,
} from '@aws-sdk/client-iam';
import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { assumedRole } from '../../../local/iam/assume-role.ts';
import type { LocalAws } from '../../../local/local-aws.ts';
import { judgeCall } from '../../../local/secrets-manager/judge-call.ts';
import { restore } from '../../../local/state/restore.ts';
import { snapshot } from '../../../local/state/snapshot.ts';
import { deployStack } from '../../constructs/deploy-stack.ts';
import { rootKeys } from '../sdk-clients.ts';
import { runningAccount } from '../secrets-manager/running-account.ts';

const document = (...actions: string[]) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: actions.map((Action) => ({ Effect: 'Allow', Action, Resource: '*' })),
  });
const TRUST = JSON.stringify({
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

async function policyOfOneVersion() {
  const { aws } = await runningAccount();
  const iam = new IAMClient({ endpoint: aws.endpoint, region: 'us-east-1', credentials: rootKeys(), maxAttempts: 1 });
  onTestFinished(() => iam.destroy());
  const created = await iam.send(
    new CreatePolicyCommand({
      ...{ PolicyName: 'rotation', Path: '/team/', Description: 'For a test' },
      ...{ PolicyDocument: document('secretsmanager:GetSecretValue'), Tags: [{ Key: 'team', Value: 'a' }] },
    }),
  );
  return { aws, iam, PolicyArn: created.Policy?.Arn ?? '' };
}

function mayRead({ account }: LocalAws, role: string): boolean {
  const roleArn = account.roles.find(role)?.Arn ?? '';
  try {
    judgeCall(
      { caller: assumedRole(roleArn, 'test', account), roleArn },
      { action: 'ListSecrets', input: {} },
      account,
    );
    return true;
  } catch {
    return false;
  }
}

describe('A policy of the local IAM', () => {
  it('is shown as it was created', async () => {
    const { iam, PolicyArn } = await policyOfOneVersion();
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    expect(Policy).toMatchObject({
      ...{ PolicyName: 'rotation', Arn: expect.stringMatching(/:policy\/team\/rotation$/), Path: '/team/' },
      ...{ DefaultVersionId: 'v1', AttachmentCount: 0, PermissionsBoundaryUsageCount: 0, IsAttachable: true },
      ...{ Description: 'For a test', Tags: [{ Key: 'team', Value: 'a' }], CreateDate: expect.any(Date) },
      PolicyId: expect.stringMatching(/^ANPA[A-Z0-9]{17}$/),
    });
    await iam.send(new TagPolicyCommand({ PolicyArn, Tags: [{ Key: 'stage', Value: 'dev' }] }));
    await iam.send(new UntagPolicyCommand({ PolicyArn, TagKeys: ['team'] }));
    const tagged = await iam.send(new GetPolicyCommand({ PolicyArn }));
    expect(tagged.Policy?.Tags).toEqual([{ Key: 'stage', Value: 'dev' }]);
    const local = await iam.send(new ListPoliciesCommand({ Scope: 'Local', PathPrefix: '/team/' }));
    expect(local.Policies?.map(({ Arn }) => Arn)).toEqual([PolicyArn]);
    expect((await iam.send(new ListPoliciesCommand({ Scope: 'AWS' }))).Policies ?? []).toEqual([]);
    await expect(
      iam.send(new CreatePolicyCommand({ PolicyName: 'rotation', PolicyDocument: document('*') })),
    ).rejects.toMatchObject({ name: 'EntityAlreadyExistsException' });
  });

  it('has at most five versions, of which the default applies to its roles and cannot be deleted', async () => {
    const { aws, iam, PolicyArn } = await policyOfOneVersion();
    await iam.send(new CreateRoleCommand({ RoleName: 'reader', AssumeRolePolicyDocument: TRUST }));
    await iam.send(new AttachRolePolicyCommand({ RoleName: 'reader', PolicyArn }));
    expect(mayRead(aws, 'reader')).toBe(false);
    const PolicyDocument = document('secretsmanager:ListSecrets');
    for (const version of ['v2', 'v3', 'v4', 'v5']) {
      const { PolicyVersion } = await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument }));
      expect(PolicyVersion).toMatchObject({ VersionId: version, IsDefaultVersion: false });
    }
    await expect(iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument }))).rejects.toMatchObject({
      name: 'LimitExceededException',
    });
    expect(mayRead(aws, 'reader')).toBe(false);
    await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v5' }));
    expect(mayRead(aws, 'reader')).toBe(true);
    const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v5' }));
    expect(decodeURIComponent(PolicyVersion?.Document ?? '')).toBe(PolicyDocument);
    await expect(iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v5' }))).rejects.toMatchObject({
      name: 'DeleteConflictException',
    });
    await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
    const next = await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument, SetAsDefault: true }));
    expect(next.PolicyVersion).toMatchObject({ VersionId: 'v6', IsDefaultVersion: true });
    const { Versions } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn }));
    expect(Versions?.map(({ VersionId }) => VersionId)).toEqual(['v6', 'v5', 'v4', 'v3', 'v2']);
    await expect(iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    });
  });

  it('is deleted only without other versions, and if no role has it', async () => {
    const { iam, PolicyArn } = await policyOfOneVersion();
    await iam.send(new CreateRoleCommand({ RoleName: 'reader', AssumeRolePolicyDocument: TRUST }));
    await iam.send(new AttachRolePolicyCommand({ RoleName: 'reader', PolicyArn }));
    await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: document('*') }));
    const remove = () => iam.send(new DeletePolicyCommand({ PolicyArn }));
    await expect(remove()).rejects.toMatchObject({ name: 'DeleteConflictException' });
    await iam.send(new DetachRolePolicyCommand({ RoleName: 'reader', PolicyArn }));
    await expect(remove()).rejects.toMatchObject({ message: expect.stringContaining('more than one version') });
    await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v2' }));
    await remove();
    await expect(iam.send(new GetPolicyCommand({ PolicyArn }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    });
  });

  it('is in the state, with its versions', async () => {
    const { aws, iam, PolicyArn } = await policyOfOneVersion();
    await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: document('*'), SetAsDefault: true }));
    const written = JSON.parse(JSON.stringify(snapshot(aws.accounts())));
    const { aws: another } = await runningAccount();
    restore(written, another.account, () => new Uint8Array());
    expect(JSON.parse(JSON.stringify(snapshot(another.accounts())))).toEqual(written);
  });

  it('is deployed from a stack, and read by a role that it is attached to', async () => {
    const { aws } = await runningAccount();
    await deployStack(aws.account, (stack) => {
      const policy = new IamPolicy(stack, 'policy', {
        ...{ namePrefix: 'rotation-', path: '/team/', description: 'For a test', tags: { team: 'a' } },
        policy: document('secretsmanager:ListSecrets'),
      });
      const role = new IamRole(stack, 'role', { name: 'reader', assumeRolePolicy: TRUST });
      new IamRolePolicyAttachment(stack, 'attached', { role: role.name, policyArn: policy.arn });
    });
    expect(mayRead(aws, 'reader')).toBe(true);
  });
});

describe('The inline policies of a role', () => {
  it('have at most 10,240 characters together, without whitespace', async () => {
    const { iam } = await policyOfOneVersion();
    await iam.send(new CreateRoleCommand({ RoleName: 'watch', AssumeRolePolicyDocument: TRUST }));
    const put = (PolicyName: string, length: number) => {
      const text = `{"Version":"2012-10-17","Sid":"${'x'.repeat(length - 33)}"}`.replace('{', '{ \n ');
      return iam.send(new PutRolePolicyCommand({ RoleName: 'watch', PolicyName, PolicyDocument: text }));
    };
    await put('one', 6_000);
    await put('two', 4_240);
    await put('two', 4_240);
    await expect(put('two', 4_241)).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: 'Maximum policy size of 10240 bytes exceeded for role watch',
    });
  });
});
