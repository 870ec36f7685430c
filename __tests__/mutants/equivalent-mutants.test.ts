import { expect, it } from 'vitest';
import { equivalentMutants } from './equivalent-mutants.ts';
import { numberedEdits } from './numbered-edits.ts';

it.each([...new Set(equivalentMutants.map(({ file }) => file))])('Each explanation is of a mutant of %s', (file) => {
  const changes = numberedEdits([file]).map(({ change }) => change);
  const explained = equivalentMutants.filter((each) => each.file === file).map(({ change }) => change);
  expect(explained.filter((change) => !changes.includes(change))).toEqual([]);
});
