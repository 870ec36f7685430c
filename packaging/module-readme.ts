interface Documented {
  readonly name: string;
  readonly description: string;
  /** As HCL; undefined if it must be given. */
  readonly byDefault: string | undefined;
}

/**
 * The README of one module, whose tables are what its files say: terraform-docs cannot be had everywhere.
 * @param text all of its `.tf` files, formatted by `terraform fmt`
 */
export function moduleReadme(name: string, text: string): string {
  const inputs = blocksOf(text, 'variable').sort(requiredFirst);
  const outputs = blocksOf(text, 'output');
  return `# ${name}

A module of Rotaform: AWS secrets that rotate, declared in Terraform.

## Inputs

| name | description | default |
| ---- | ----------- | ------- |
${inputs.map(({ name: input, description, byDefault }) => `| \`${input}\` | ${inTable(description)} | ${byDefault === undefined ? 'required' : `\`${byDefault}\``} |`).join('\n')}

## Outputs

| name | description |
| ---- | ----------- |
${outputs.map(({ name: output, description }) => `| \`${output}\` | ${inTable(description)} |`).join('\n')}
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
