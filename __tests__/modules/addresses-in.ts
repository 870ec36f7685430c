import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The addresses of all resources that a folder's configuration can make, in HCL or as synth writes it, without keys. `terraform
 * graph` says the same, and takes minutes for many modules.
 */
export function addressesIn(folder: string, prefix = ''): string[] {
  const files = readdirSync(folder);
  const hcl = files
    .filter((file) => file.endsWith('.tf'))
    .map((file) => readFileSync(path.join(folder, file), 'utf8'))
    .join('\n');
  const own = [...hcl.matchAll(/^(resource|data) "(\w+)" "([\w-]+)" \{/gm)].map(([, kind, type, name]) =>
    [...(kind === 'data' ? ['data'] : []), type, name].join('.'),
  );
  const calls = [...hcl.matchAll(/^module "([\w-]+)" \{\s+source += "([^"]+)"/gm)];
  return [
    ...own.map((address) => prefix + address),
    ...(files.includes('cdk.tf.json') ? synthesizedIn(path.join(folder, 'cdk.tf.json')) : []).map(
      (each) => prefix + each,
    ),
    ...calls.flatMap(([, name = '', source = '']) =>
      addressesIn(path.join(folder, source.replace('//', '/')), `${prefix}module.${name}.`),
    ),
  ];
}

function synthesizedIn(file: string): string[] {
  const { resource = {}, data = {} } = JSON.parse(readFileSync(file, 'utf8'));
  const of = (blocks: Readonly<Record<string, object>>) =>
    Object.entries(blocks).flatMap(([type, named]) => Object.keys(named).map((name) => `${type}.${name}`));
  return [...of(resource), ...of(data).map((address) => `data.${address}`)];
}
