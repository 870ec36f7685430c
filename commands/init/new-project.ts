import { beside, type Choice, within } from './choice.ts';

/** The files of a project that is new. */
export function newProject(choice: Choice): Readonly<Record<string, string>> {
  const { app, declare, file, framework } = choice;
  return {
    'main.ts': `import { ArchiveProvider } from '${within(choice, `${framework.archive}/lib/provider`)}';
import { AwsProvider } from '${within(choice, `${framework.aws}/lib/provider`)}';
import { App, LocalBackend, TerraformStack } from '${framework.core}';
import { ${declare} } from '${beside(choice, file)}';

const app = new App();
const stack = new TerraformStack(app, '${app}');
new AwsProvider(stack, 'aws', { region: 'us-east-1' });
new ArchiveProvider(stack, 'archive');
// The state stays next to this file. A team keeps it in S3: new S3Backend(stack, { bucket, key, region })
new LocalBackend(stack, { path: '../../../terraform.${app}.tfstate' });

${declare}(stack);

app.synth();
`,
    'cdktf.json': asJson({
      language: 'typescript',
      app: 'npx tsx main.ts',
      projectId: app,
      sendCrashReports: 'false',
      terraformProviders: [],
      terraformModules: [],
      context: {},
    }),
    'tsconfig.json': asJson({
      compilerOptions: {
        target: 'ES2022',
        module: 'NodeNext',
        types: ['node'],
        strict: true,
        noEmit: true,
        skipLibCheck: true,
      },
      include: ['*.ts'],
    }),
    '.gitignore': ['node_modules', 'cdktf.out/', '.terraform/', '*.tfstate*', ''].join('\n'),
  };
}

const asJson = (value: object) => `${JSON.stringify(value, undefined, 2)}\n`;
