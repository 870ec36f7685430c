import path from 'node:path';
import { synthesize } from '../synthesize.ts';

/** Writes the JSON that Terraform reads, and says what to run next. @returns the exit code */
export async function runSynth({ json = false }: { readonly json?: boolean }): Promise<number> {
  const stacks = (await synthesize({ warnings: 'show' })).map(({ name, folder }) => ({
    name,
    folder: path.relative('', folder),
  }));
  if (json) {
    console.log(JSON.stringify({ stacks }));
    return 0;
  }
  for (const { folder } of stacks) {
    console.log(`${path.join(folder, 'cdk.tf.json')}`);
    console.log(`  terraform -chdir=${quoted(folder)} init && terraform -chdir=${quoted(folder)} plan`);
  }
  return 0;
}

/** As a shell takes it. */
const quoted = (text: string) => (/^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
