import { beside, type Choice, localSetupFile, within } from './choice.ts';
import type { InitTarget } from './targets/init-target.ts';

/** A test that deploys the declaration to an AWS on this machine, and lets it rotate. */
export function secretTest(choice: Choice, target: InitTarget): string {
  const { declare, file, framework, name, runner } = choice;
  const hasSetup = target.localSetup !== undefined;
  const imports = [
    "import { mkdtempSync, readFileSync, rmSync } from 'node:fs';",
    "import { tmpdir } from 'node:os';",
    "import { join } from 'node:path';",
    "import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';",
    `import { ArchiveProvider } from '${within(choice, `${framework.archive}/lib/provider`)}';`,
    `import { AwsProvider } from '${within(choice, `${framework.aws}/lib/provider`)}';`,
    `import { App, TerraformStack } from '${framework.core}';`,
    "import { deploy, localAws } from 'rotaform/local';",
    ...(runner === 'vitest' ? ["import { expect, it } from 'vitest';"] : []),
    ...(hasSetup ? [`import { setup } from '${beside(choice, localSetupFile(file))}';`] : []),
    `import { ${declare} } from '${beside(choice, file)}';`,
  ];
  return `${imports.join('\n')}

it('rotates ${name}', async () => {
  const outdir = mkdtempSync(join(tmpdir(), 'stacks-'));
  const aws = await localAws();
${hasSetup ? '  const { environment, variables, close } = await setup(aws);\n' : ''}  const client = new SecretsManagerClient({
    endpoint: aws.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const read = async () => (await client.send(new GetSecretValueCommand({ SecretId: '${name}' }))).SecretString;
  try {
    const app = new App({ outdir${framework.appOption && `, ${framework.appOption}`} });
    const stack = new TerraformStack(app, 'test');
    new AwsProvider(stack, 'aws', { region: 'us-east-1' });
    new ArchiveProvider(stack, 'archive');
    ${declare}(stack${hasSetup ? ', environment' : ''});
    app.synth();
    const folder = join(outdir, 'stacks/test');
    const json = JSON.parse(readFileSync(join(folder, 'cdk.tf.json'), 'utf8'));
    await deploy(json, aws.account, { folder${hasSetup ? ', variables' : ''} });

    // It rotates as soon as it is deployed.
    expect(await aws.rotationSettled('${name}')).toBe('succeeded');
    const first = await read();
    // Everything that is due within 30 days rotates now.
    await aws.account.clock.advance({ days: 30 });
    expect(await read()).not.toBe(first);
  } finally {
    client.destroy();
    await aws.close();
${hasSetup ? '    await close?.();\n' : ''}    rmSync(outdir, { recursive: true });
  }
}, 60_000);
`;
}
