import { readFileSync } from 'node:fs';
import type { Choice } from '../../../commands/init/choice.ts';
import { newProject } from '../../../commands/init/new-project.ts';
import { moduleSources } from '../../../packaging/module-sources.ts';
import { apps, jobs, renamed } from './code-judges.ts';
import { by, facts, type Judge, names, prose, rows } from './judges.ts';

/** The tables of a page in their order: how the head begins, and what compares it. */
export type Tables = Readonly<Record<string, readonly (readonly [head: string, judge: Judge])[]>>;

const { peerDependencies, dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));

/** What `init` writes for a strategy of one's own, and for what starts a server on this machine. */
const projectFiles = () => [
  ...Object.keys(newProject({ framework: {} } as Choice)),
  ...['secrets.ts', 'secrets.test.ts', 'rotaform.local.ts', 'rotate-api-key.ts'],
];

const helpTest = by('docs/help.test.ts');
const measured = by('docs/measured.test.ts');
const MESSAGES = 'modules/messages.txt';

/** A project: its files, its deployment, its errors. */
export const OF_PROJECTS: Tables = {
  'README.md': [
    ['Secret', by('targets.test.ts')],
    ['Target', by('targets.test.ts')],
    ['guarantee', by('docs.test.ts')],
    ['command', measured],
  ],
  'docs/cdktn.md': [['what you see', facts('https://cdktn.io')]],
  'docs/check-stack.md': [
    ['refused', by('commands/check-stack/refused-on-page.test.ts')],
    ['ends with', helpTest],
  ],
  'docs/ci.md': [
    ['job', jobs],
    ['if the stack has', by('docs/ci-roles.test.ts')],
    [
      'what you see',
      rows({
        '`check` names something': 'which is not on the list',
        '`scan` names a check': '--config-file .checkov.yaml',
        '`plan` says that there is no lock file': 'The branch has no .terraform.lock.hcl.',
        '`plan` says that the state is not in S3': 'The state is not in S3',
        'AWS denies': ['docs/ci-roles.test.ts', 'may do what the provider calls'],
      }),
    ],
  ],
  'docs/deploy.md': [
    ['Node.js', by('terraform/cdktf-cli.test.ts')],
    ['Terraform says', rows()],
  ],
  'docs/errors.md': [['Where you see the code', by('docs/errors.test.ts')]],
  'docs/glossary.md': [['word', prose('what a word means')]],
  'docs/terraform-module.md': [
    [
      'module | rotates',
      names(() =>
        moduleSources()
          .filter(({ usage }) => usage !== undefined)
          .map(({ name }) => name),
      ),
    ],
    ['in the stack', by('docs/synthesized.test.ts')],
    [
      '| TypeScript | HCL',
      rows({
        'a literal password in `initial`': ['constructs/initial-value.test.ts', 'INITIAL_VALUE'],
        'a rename without giving': ['modules/lifetime.test.ts', 'refuses a rename if the first value %s, at plan'],
        'a plain-text secret': [MESSAGES, 'without has_first_version: nothing would use it'],
        'a cron that opens no window': ['constructs/schedule.test.ts', 'is at most every four hours'],
        'a token that would not outlive': [MESSAGES, 'lifetime_seconds'],
        'the name of the function': ['modules/planned-resources.ts', 'HASH_OF_A_NAME'],
        'a resource policy that would': ['modules/resource-policy.test.ts', 'is refused by the module only if'],
        'a field to rotate': ['modules/fields.test.ts', 'has a place in initial to the module if it has one'],
        'a port twice': [MESSAGES, 'password: port_twice'],
        'a number, a runtime': [MESSAGES, 'function.timeout_seconds is 0.'],
        'an administrator or a client': ['constructs/provider.test.ts', 'are refused in two regions'],
        'readers of another account': ['constructs/read-grant.test.ts', 'grantRead for another account'],
        'an option that does not exist': ['modules/null-members.test.ts', 'is tried for every member of every input'],
        'the key in the function': 'fromEnvironment',
        'the secrets that [alarms]': ['constructs/rotation-alarms.test.ts', 'watch every secret of the stack'],
        'the name of an alarm': ['modules/planned-resources.ts', 'NAME_OF_ALARMS'],
      }),
    ],
    ['what you see', rows({ 'the first rotation fails': 'errorCode' })],
  ],
  'docs/terraform.md': [['| `secret_string`', measured]],
  'docs/upgrade.md': [
    ['before', renamed],
    ['give', rows()],
    [
      'what you see',
      rows({
        'TypeScript does not know': { source: '#changed-names' },
        'the plan would replace': ['constructs/references.test.ts', 'changes no address'],
        'the new code fails': ['lambda/upgrade.test.ts', 'continues the rotation of a password'],
      }),
    ],
  ],
  'docs/use-in-your-repository.md': [
    ['file', names(projectFiles, /^\S+$/)],
    [
      'part',
      rows({ 'What was deployed': 'What was deployed', 'The function': 'The function ', 'The cost': 'a month' }),
    ],
    ['command', helpTest],
    ['exit code', helpTest],
    ['package', names(() => Object.keys({ ...peerDependencies, ...dependencies }))],
    ['what runs', apps],
    [
      'what you see',
      rows({
        '`init` says that a file': ['commands/init.test.ts', 'refuses a file %s, and writes nothing'],
        '`ERESOLVE` of npm': { limit: 'npm says it' },
        'a message with a code': { source: '](errors.md)' },
      }),
    ],
  ],
  'docs/when-not-to-use-this.md': [
    ['you have', facts('https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_managed.html')],
  ],
};
