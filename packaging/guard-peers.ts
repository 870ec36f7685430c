import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

interface Published {
  readonly exports?: Readonly<Record<string, unknown>>;
}

/**
 * Puts a file before the main entry of a package that first looks for the peers that this entry needs. They are optional, since
 * the other entries do without them; so this file says what to install where Node.js says only what it cannot find.
 *
 * @param entry without its extension, within the folder of its format
 */
export function guardPeers(out: string, manifest: Published, entry: string, peers: readonly string[]): object {
  const check = checkOf(peers);
  const names = execFileSync(
    process.execPath,
    ['--input-type=module', '-e', `console.log(Object.keys(await import('./esm/${entry}.js')).join(', '))`],
    { cwd: out, encoding: 'utf8' },
  ).trim();
  const esm = `import { createRequire } from 'node:module';
const { resolve } = createRequire(import.meta.url);
${check}
// Not imported in the usual way: that would be looked for before anything is said.
export const { ${names} } = await import('${entry}.js');
`;
  const cjs = `'use strict';\nconst { resolve } = require;\n${check}\nmodule.exports = require('${entry}.cjs');\n`;
  writeFileSync(path.join(out, 'esm/index.js'), esm);
  writeFileSync(path.join(out, 'cjs/index.cjs'), cjs);
  writeFileSync(path.join(out, 'esm/index.d.ts'), `export * from '${entry}.js';\n`);
  writeFileSync(path.join(out, 'cjs/index.d.cts'), `export * from '${entry}.cjs';\n`);
  return {
    ...manifest,
    main: './cjs/index.cjs',
    types: './cjs/index.d.cts',
    exports: {
      ...manifest.exports,
      '.': {
        import: { types: './esm/index.d.ts', default: './esm/index.js' },
        require: { types: './cjs/index.d.cts', default: './cjs/index.cjs' },
      },
    },
  };
}

function checkOf(peers: readonly string[]): string {
  return `const missing = ${JSON.stringify(peers)}.filter((name) => {
  try {
    resolve(name);
    return false;
  } catch (error) {
    return error.code === 'MODULE_NOT_FOUND';
  }
});
if (missing.length > 0) {
  const hint = 'An application that only reads secrets needs rotaform-client instead.';
  throw new Error(\`rotaform declares secrets with packages that are not installed. Run: npm install --save-dev \${missing.join(' ')}. \${hint}\`);
}`;
}
