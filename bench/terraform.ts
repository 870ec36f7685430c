/**
 * What becomes of a live password when Terraform meets what happens to a secret in AWS: ours beside three ways of the usual
 * tutorials, with the real Terraform on the local AWS. And how long Terraform takes for 1 and 50 of our secrets, declared
 * by the constructs and by the module.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { hasTerraform, terraformCli } from '../harness/terraform-cli.ts';
import { services } from '../local/services.ts';
import { disturbedSecrets } from './disturb-secrets.ts';
import { machine } from './machine.ts';
import { timedTerraform } from './time-terraform.ts';

if (!hasTerraform) throw new Error('There is no terraform on this machine. Install Terraform 1.11 or newer.');
const builder = fileURLToPath(new URL('../constructs/code/build-functions.ts', import.meta.url));
execFileSync(process.execPath, ['--import', 'tsx', builder]);

const { version, providerVersion } = terraformCli();
const operations = services.reduce((sum, { actions }) => sum + actions.size, 0);
console.log(
  `Terraform on the local AWS, which answers ${operations} API operations\n` +
    `${machine()}; Terraform ${version}, AWS provider ${providerVersion}\n`,
);

console.log('The live password after three rotations, a disturbance, and terraform apply');
const rows = await disturbedSecrets();
console.table(rows);
if (rows.rotaform?.lost !== 0) process.exitCode = 1;

console.log('Seconds; the provider makes functions one after the other, and waits for five of them for each');
const timed = [];
for (const [secrets, functions] of [
  [1, 'own'],
  [50, 'own'],
  [50, 'shared'],
] as const) {
  for (const side of ['constructs', 'module'] as const) timed.push(await timedTerraform(side, secrets, functions));
}
console.table(timed);
