#!/usr/bin/env node
/** `npx rotaform` in a clone of this repository, where the command line is TypeScript. The package has a bundle of its own. */
try {
  await import('tsx');
} catch (error) {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  process.stderr.write('The packages of this clone are not installed. Run: npm ci\n');
  process.exit(1);
}
await import('./rotaform.ts');
