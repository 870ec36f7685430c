// Prints the lines of a run of vitest that are not its reporter's, and fails if there are any: strange-lines.mjs OUTPUT
import { readFileSync } from 'node:fs';

const REPORTED = /^\s*([✓↓❯]|RUN |Test Files |Tests |Snapshots |Start at |Duration |JSON report written to |$)/;

const strange = readFileSync(process.argv[2], 'utf8')
  .split('\n')
  .filter((line) => !REPORTED.test(line));
if (strange.length > 0) {
  console.log(`Lines that are not the reporter's (${strange.length}), such as:`);
  for (const line of strange.slice(0, 10)) console.log(`  ${line.slice(0, 200)}`);
  process.exitCode = 1;
}
