import colors from 'picocolors';
import type { Account } from '../../../local/account.ts';
import type { LocalAws } from '../../../local/local-aws.ts';
import type { RotationRecord } from '../../rotation-record.ts';
import { rotatingSecrets } from '../example-tasks.ts';
import { monthlyCost } from './monthly-cost.ts';
import { policyInWords } from './policy-in-words.ts';
import { resourceLines, resourcesOf } from './resource-lines.ts';

/** Functions whose policies are shown: those of a fleet are alike. */
const MOST_FUNCTIONS = 3;

/** What the stacks have made, what their functions may do, and about what that costs in AWS. */
export function describeDeployed(
  stacks: readonly unknown[],
  aws: LocalAws,
  records: ReadonlyMap<string, RotationRecord>,
): string {
  const resources = resourcesOf(stacks);
  const kinds = [...resourceLines(resources), ['where', places(aws.accounts())] as const];
  const width = Math.max(...kinds.map(([kind]) => kind.length));
  const [total = '', ...costs] = monthlyCost(resources, rotatingOf(aws, records));
  return [
    '  What was deployed',
    ...kinds.map(([kind, text]) => `    ${kind.padEnd(width)}  ${text}`),
    '',
    ...policies(aws),
    `  ${total}`,
    ...costs.map((line) => `    ${colors.dim(line)}`),
    '',
  ].join('\n');
}

/** Such as `us-east-1 and eu-west-1 of the account 123456789012`: where a secret or a function is. */
export function places(accounts: readonly Account[]): string {
  const used = accounts.filter(({ secrets, functions }) => secrets.all().length + functions.all().length > 0);
  return [...new Set(used.map(({ id }) => id))]
    .map((id) => {
      const regions = [...new Set(used.filter((each) => each.id === id).map(({ region }) => region))];
      return `${new Intl.ListFormat('en').format(regions)} of the account ${id}`;
    })
    .join('; ');
}

function policies(aws: LocalAws): string[] {
  const functions = rotationFunctions(aws);
  const shown = functions
    .slice(0, MOST_FUNCTIONS)
    .flatMap(({ name, statements }) => [
      `  The function ${name}`,
      ...statements.map((statement) => `    ${statement}`),
      '',
    ]);
  const more = functions.length - MOST_FUNCTIONS;
  return more > 0 ? [...shown, `  And ${more} more ${more === 1 ? 'function' : 'functions'}.`, ''] : shown;
}

/** Each function that rotates a secret, with the policies of its role in words. */
function rotationFunctions(aws: LocalAws) {
  const found = rotatingSecrets(aws).flatMap(({ arn, account }) => {
    const rotation = account.secrets.find(arn)?.rotation;
    const rotates = account.functions.find(rotation?.lambdaArn ?? '');
    return rotates ? [[rotates, account] as const] : [];
  });
  return [...new Map(found)].map(
    ([
      {
        configuration: { FunctionName, Role },
      },
      { roles },
    ]) => {
      const role = roles.findByArn(Role);
      const managed = [...(role?.attachedPolicyArns ?? [])].map((arn) => `may do what ${arn.split('/').at(-1)} allows`);
      return {
        name: FunctionName,
        statements: [...[...(role?.inlinePolicies.values() ?? [])].flatMap(policyInWords), ...managed],
      };
    },
  );
}

function rotatingOf(aws: LocalAws, records: ReadonlyMap<string, RotationRecord>) {
  return rotatingSecrets(aws).flatMap(({ arn, account }) => {
    const [record, rules] = [records.get(arn), account.secrets.find(arn)?.rotation?.rules];
    return record && rules ? [{ record, rules }] : [];
  });
}
