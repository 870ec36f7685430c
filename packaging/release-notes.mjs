// Prints what CHANGELOG.md says of a version. Ends with 1 if a manifest has another version, or the changelog has none.
import { readFileSync } from 'node:fs';

const [version = ''] = process.argv.slice(2);
const others = ['package.json', 'client/package.json'].filter(
  (file) => JSON.parse(readFileSync(file, 'utf8')).version !== version,
);
const parts = readFileSync('CHANGELOG.md', 'utf8').split(/^## /m);
const notes = parts.find((part) => part.startsWith(`[${version}]`))?.replace(/^.*\n+/, '');
if (others.length > 0 || !notes) {
  console.error(
    others.length > 0
      ? `${others.join(' and ')} do not have the version "${version}", which the tag names.`
      : `CHANGELOG.md has no part "## [${version}]". Rename [Unreleased].`,
  );
  process.exitCode = 1;
} else process.stdout.write(notes);
