import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { runTerraform } from '../../harness/terraform-folder.ts';

/** The conditions of a variable's validations. @param text a file of a module, formatted by `terraform fmt` */
export function conditionsOf(text: string, variable: string): string[] {
  const [block = ''] = new RegExp(`^variable "${variable}" \\{$[\\s\\S]*?^\\}$`, 'm').exec(text) ?? [];
  const conditions = [...block.matchAll(/^ {4}condition +=([\s\S]*?)^ {4}error_message/gm)].map(([, condition = '']) =>
    condition.trim(),
  );
  if (conditions.length === 0) throw new Error(`The variable ${variable} has no validation.`);
  return conditions;
}

/** What an expression is for each value, in one run of Terraform. @param locals what it refers to, in HCL */
export async function evaluated(
  values: readonly unknown[],
  expression: string,
  locals: Readonly<Record<string, string>> = {},
): Promise<unknown[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-expression-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, 'values.json'), JSON.stringify(values));
  const lines = Object.entries(locals).map(([name, hcl]) => `  ${name} = ${hcl}\n`);
  writeFileSync(
    path.join(folder, 'main.tf'),
    `locals {\n${lines.join('')}}\noutput "found" {\n  value = [for value in jsondecode(file("values.json")) : try(\n${expression}\n, "an error")]\n}\n`,
  );
  const { exitCode, output } = await runTerraform(folder, ['apply', '-auto-approve'], {
    TF_DATA_DIR: path.join(folder, '.terraform'),
  }).ended;
  if (exitCode !== 0) throw new Error(output.slice(0, 4_000));
  return JSON.parse(readFileSync(path.join(folder, 'terraform.tfstate'), 'utf8')).outputs.found.value;
}
