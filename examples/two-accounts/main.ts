/**
 * Two regions and two accounts in one stack. A secret rotates in Virginia, and is read in Frankfurt, too, by an application of
 * another account. Beside it are a secret that rotates in Frankfurt, and one that rotates in the other account.
 */
import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider/index.js';
import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity/index.js';
import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import { DataAwsPartition } from '@cdktf/provider-aws/lib/data-aws-partition/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key/index.js';
import { KmsKeyPolicy } from '@cdktf/provider-aws/lib/kms-key-policy/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { App, LocalBackend, TerraformOutput, TerraformStack } from 'cdktf';
import { RotatedSecret, Rotation, Schedule } from 'rotaform';

const app = new App();
const stack = new TerraformStack(app, 'two-accounts');
new LocalBackend(stack, { path: 'terraform.tfstate' });
new ArchiveProvider(stack, 'archive');
new AwsProvider(stack, 'aws', { region: 'us-east-1' });
const frankfurt = new AwsProvider(stack, 'frankfurt', { alias: 'frankfurt', region: 'eu-central-1' });
const reporting = new AwsProvider(stack, 'reporting', {
  alias: 'reporting',
  region: 'us-east-1',
  // A role of the other account, which the credentials of this one may assume.
  assumeRole: [{ roleArn: 'arn:aws:iam::444455556666:role/deploy' }],
});
const rotating = { rotation: Rotation.password(), schedule: Schedule.rate({ days: 30 }) };

// Who is of another account needs a customer key, in each region where the secret is read.
const keys = [
  new KmsKey(stack, 'key', { description: 'Of the payments database', enableKeyRotation: true }),
  new KmsKey(stack, 'key_in_frankfurt', {
    ...{ description: 'Of its replica', enableKeyRotation: true, provider: frankfurt },
  }),
] as const;
const database = new RotatedSecret(stack, 'database', {
  name: 'payments/database',
  kmsKeyArn: keys[0].arn,
  replicas: [{ region: 'eu-central-1', kmsKeyArn: keys[1].arn }],
  ...rotating,
});

const reader = new IamRole(stack, 'reader', {
  name: 'reports',
  provider: reporting,
  assumeRolePolicy: new DataAwsIamPolicyDocument(stack, 'trust', {
    statement: [
      { actions: ['sts:AssumeRole'], principals: [{ type: 'AWS', identifiers: ['arn:aws:iam::444455556666:root'] }] },
    ],
    provider: reporting,
  }).json,
});
const grant = database.grantRead(reader);

// The other account's role gets its policy above. Here are the keys': their own account's, and the reader's.
const { accountId } = new DataAwsCallerIdentity(stack, 'payments');
const { partition } = new DataAwsPartition(stack, 'partition');
for (const [index, key] of keys.entries()) {
  const administer = {
    sid: 'Administer',
    actions: ['kms:*'],
    resources: ['*'],
    principals: [{ type: 'AWS', identifiers: [`arn:${partition}:iam::${accountId}:root`] }],
  };
  const statement = [administer, ...grant.keyStatements.slice(index, index + 1).map((each) => each.statement)];
  new KmsKeyPolicy(stack, `key_policy_${index}`, {
    keyId: key.keyId,
    policy: new DataAwsIamPolicyDocument(stack, `key_permissions_${index}`, { statement }).json,
    provider: key.provider,
  });
}

// Each with a function of its own, in its own region and account.
new RotatedSecret(stack, 'api', { name: 'payments/api', provider: frankfurt, ...rotating });
new RotatedSecret(stack, 'reports', { name: 'reports/api', provider: reporting, ...rotating });

new TerraformOutput(stack, 'database_arn', { value: database.secretArn });
new TerraformOutput(stack, 'database_arn_in_frankfurt', { value: database.secretArnIn('eu-central-1') });
app.synth();
