import { byOption, deployPolicy, type MadeResource } from './deploy-policy.ts';

interface Documented {
  readonly name: string;
  readonly description: string;
  /** As HCL; undefined if it must be given. */
  readonly byDefault: string | undefined;
}

/**
 * The README of one module, whose tables are what its files say: terraform-docs cannot be had everywhere.
 * @param text all of its `.tf` files, formatted by `terraform fmt`
 * @param about what a user reads first
 */
export function moduleReadme(name: string, text: string, about: About): string {
  const inputs = blocksOf(text, 'variable').sort(requiredFirst);
  const outputs = blocksOf(text, 'output');
  return `# ${name}

A module of Rotaform: AWS secrets that rotate, declared in Terraform.
${usageOf(about)}
## Inputs

| name | description | default |
| ---- | ----------- | ------- |
${inputs.map(({ name: input, description, byDefault }) => `| \`${input}\` | ${inTable(description)} | ${byDefault === undefined ? 'required' : `\`${byDefault}\``} |`).join('\n')}

${SPELLING}

## Outputs

| name | description |
| ---- | ----------- |
${outputs.map(({ name: output, description }) => `| \`${output}\` | ${inTable(description)} |`).join('\n')}
${policyOf(about)}`;
}

/** No type of Terraform refuses it: only an input without a type could, and that would check nothing else. */
const SPELLING =
  'Check how you spell what stands inside an object, such as `function = { … }`: Terraform leaves out an attribute that the ' +
  'object does not have, and says nothing.';

/** What a README says beside the tables. */
interface About {
  /** A first use, in HCL. Inner modules have none. */
  readonly usage?: string | undefined;
  /** Where the pages of the documentation are, from its folder. */
  readonly pages: string;
  /** A list of what else the package has. */
  readonly list?: string | undefined;
  /** All that it can make. */
  readonly made: readonly MadeResource[];
  /** How the names of most of it begin, in the first use. */
  readonly names: string;
}

function usageOf({ usage, pages, list }: About): string {
  const example = usage === undefined ? '' : `\n\`\`\`hcl\n${usage.trim()}\n\`\`\`\n`;
  const read = `\nRead on: [the module](${pages}/terraform-module.md), [errors](${pages}/errors.md), [schedules](${pages}/schedule.md), [alarms](${pages}/alarms.md), [what follows a rotation](${pages}/on-rotated.md), [the local AWS](${pages}/terraform.md).\n`;
  return `${example}${usage === undefined ? '' : read}${list === undefined ? '' : `\n${list}\n`}`;
}

/** The policy for who deploys it, with what each option needs besides. */
function policyOf({ usage, made, names }: About): string {
  if (usage === undefined) return '';
  const place = { account: '111122223333', secrets: 'my-app/', functions: names };
  const { always, options } = byOption(made);
  const added = options.map(([option, types]) => {
    const needed = deployPolicy(types, place).Statement.map(({ Action, Resource }) => {
      const names = Action.map((action) => `\`${action}\``).join(', ');
      return `${names} on \`${Resource}\``;
    });
    return `- With \`${option}\`: ${needed.join('; ')}.`;
  });
  return `
## Who deploys it

The role that runs Terraform needs this policy, with your account and the names of your secrets and functions. It reads no value of a secret.

\`\`\`json
${JSON.stringify(deployPolicy(always, place), undefined, 2)}
\`\`\`

${added.join('\n')}
- With customer keys: \`kms:DescribeKey\`, \`kms:GenerateDataKey\` and \`kms:Decrypt\` on them.
`;
}

function blocksOf(text: string, kind: 'variable' | 'output'): Documented[] {
  const blocks = [...text.matchAll(new RegExp(`^${kind} "(\\w+)" \\{$([\\s\\S]*?)^\\}$`, 'gm'))];
  return blocks.map(([, name = '', body = '']) => ({
    name,
    description: descriptionIn(body),
    byDefault: /^ {2}default +=\s*(.*)$/m.exec(body)?.[1],
  }));
}

/** One line, or the lines between `<<-EOT` and `EOT`. */
function descriptionIn(body: string): string {
  const [, lines] = /^ {2}description = <<-EOT\n([\s\S]*?)^ {2}EOT$/m.exec(body) ?? [];
  if (lines !== undefined) return lines.replaceAll(/^ {4}/gm, '').trim();
  const [, line = '""'] = /^ {2}description = (".*")$/m.exec(body) ?? [];
  return JSON.parse(line);
}

const inTable = (description: string) => description.replaceAll('|', '\\|').replaceAll('\n', '<br>');

const requiredFirst = (a: Documented, b: Documented) =>
  Number(a.byDefault !== undefined) - Number(b.byDefault !== undefined) || a.name.localeCompare(b.name);
