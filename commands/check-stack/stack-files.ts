import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Refusals, shown } from './refusals.ts';

/** The one file of a stack's folder that Terraform reads. */
export const STACK_FILE = 'cdk.tf.json';

const ALLOWED = `${STACK_FILE}, and code in assets/`;
const NAME = /^[A-Za-z0-9_][\w.-]*$/;
/** What Terraform or OpenTofu may take for its own, wherever it stands and however it is written. */
const OF_TERRAFORM = /\.(tf|tofu|tfvars|tfquery|tftest|tfmock|tfstack|tfcomponent|tfdeploy|hcl|tfstate|tfplan)(\.|$)/i;
const LARGEST_BYTES = 100_000_000;

/** The files of a stack's folder, as they were when they were checked. */
export interface StackFiles {
  /** The bytes by their path in the folder, with `/`. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly refusals: Refusals;
}

/** Reads a folder, and refuses every file that no synthesized stack has. */
export function readStackFiles(folder: string): StackFiles {
  const files = new Map<string, Uint8Array>();
  const refusals = new Refusals(path.basename(path.resolve(folder)));
  let bytes = 0;

  const visit = (parts: readonly string[]) => {
    const spelled = new Set<string>();
    for (const name of readdirSync(path.join(folder, ...parts)).sort()) {
      const place = [...parts, name];
      const file = path.join(folder, ...place);
      const stat = lstatSync(file);
      const what = stat.isDirectory() ? 'a folder' : stat.isFile() ? 'a file' : 'no plain file, such as a link';
      const fits =
        parts.length === 0
          ? (name === STACK_FILE && stat.isFile()) || (name === 'assets' && stat.isDirectory())
          : NAME.test(name) && !OF_TERRAFORM.test(name) && (stat.isFile() || stat.isDirectory());
      const alike = name.toLowerCase();
      if (!fits) refusals.add([place.map(shown).join('/')], what, ALLOWED);
      else if (spelled.has(alike)) {
        refusals.add([place.map(shown).join('/')], 'two names that differ only in case', 'names that differ');
      } else if (stat.isDirectory()) visit(place);
      else {
        bytes += stat.size;
        if (bytes > LARGEST_BYTES) refusals.add([], `more than ${LARGEST_BYTES / 1e6} MB`, 'less');
        else files.set(place.join('/'), readFileSync(file));
      }
      if (fits) spelled.add(alike);
    }
  };
  visit([]);
  if (!files.has(STACK_FILE)) refusals.add([], `no file ${STACK_FILE}`, 'the folder of a synthesized stack');
  return { files, refusals };
}
