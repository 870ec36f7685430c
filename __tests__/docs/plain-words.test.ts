import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { textsIn, titlesIn } from './texts-of-code.ts';

/**
 * Words that readers had to read twice, and what to write instead. Vale would do this, but its packages fetch the program from
 * GitHub, which not every machine can reach.
 */
const MISLEADING: readonly (readonly [RegExp, string])[] = [
  [/\bbesides\b/i, '"also", or "in addition to"'],
  [/\b(?:is|are) not to (?!be\b)\w+/i, '"must not", or "should not"'],
  [/\b(?:is|are|was) to be had\b/i, '"is available"'],
  [/\bthat (?:is|are) there\b/i, '"existing"'],
  [/\bby (?:its|their) own names?\b/i, 'what the name is'],
  [/\bmend(?:s|ed|ing)?\b/i, '"fix"'],
  [/\bfares?\b/i, '"the state of"'],
  [/\bhow long it takes at the most\b/i, '"the longest time that it takes"'],
  [
    /\b(?:the|its) (?:value|one|password|token) (?:of )?(?:before|now)\b(?! and| or|, )/i,
    '"the previous value", "the current value"',
  ],
  [/\bwhose \w+ is none\b/i, 'a sentence with "has no"'],
  [/\b(?:Whoever|Who) may \w+ [^.]*? (?:learns?|gets?|could|can)\b/, '"somebody who may …"'],
  [/\bby the dozen\b/i, 'a number'],
  [/\bas little as the other\b/i, '"neither"'],
  [/\bis the least\b/i, '"is the minimum"'],
  [/\bat the most\b/i, '"at most"'],
  [/\blicences?\b/i, 'American spelling: "license"'],
  [/\b(?:behaviour|colour|favour|honour|organis|recognis|cancelled)/i, 'American spelling'],
];

/** The same for what a program says, and for the titles of tests: they are read in a hurry. */
const MISLEADING_IN_CODE: typeof MISLEADING = [
  ...MISLEADING,
  [/(?<!\b(?:left|leaves?)\b.*)\b(?!or\b)[\w']+ alone\b/i, '"only"'],
  [/(?<!\bthere )\b(?:is|are) no (?!longer|more|less)\w+/i, '"is not a"'],
  [/\b(?:that|which|it) is none\b/i, 'what it is not'],
  [/\bwhoever\b/i, '"anyone who", or who it is'],
  [/\bbeside\b/i, '"next to", or "together with"'],
  [/\bstands? in\b/i, '"is in", or "appears in"'],
  [/\b(?:is|are) there already\b/i, '"already exists"'],
  [/\bwithout a word\b/i, '"without a message"'],
  [/\bof one['’]s own\b/i, '"custom"'],
  [/[«»]/, 'straight quotes'],
];

const pages = [
  'README.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md') && !file.startsWith('api'))
    .map((file) => `docs/${file}`),
];

/** A page's paragraphs, table cells and list items, each in one line, without code. */
function prose(page: string): string[] {
  return readFileSync(page, 'utf8')
    .replaceAll(/^( *)```.*?^\1```$/gms, '')
    .split(/\n(?:\s*\n|(?=\s*(?:[-*]|\d+\.) )|(?=\|))|(?<=\|)/)
    .map((part) => part.replaceAll(/`[^`]*`/g, '`…`').replaceAll(/\s+/g, ' '));
}

/** What may not stay as it is, with what to write. */
function misleading(list: typeof MISLEADING, where: string, texts: readonly string[]): string[] {
  return texts.flatMap((text) =>
    list.flatMap(([word, instead]) => {
      const [match] = word.exec(text) ?? [];
      return match === undefined ? [] : [`${where}: "${match}": write ${instead}. In: ${text.slice(0, 160)}`];
    }),
  );
}

it('no page has a misleading word', () => {
  expect(pages.flatMap((page) => misleading(MISLEADING, page, prose(page)))).toEqual([]);
});

it.each(['client', 'commands', 'constructs', 'harness', 'lambda', 'local', 'rules', 'testing'])(
  'no message of %s/ has a misleading word',
  (folder) => {
    const programs = filesOf(folder);
    expect(programs.flatMap((file) => misleading(MISLEADING_IN_CODE, file, textsIn(file)))).toEqual([]);
    expect(programs.flatMap(textsIn).length).toBeGreaterThan(10);
  },
);

it('prose wraps at 120', () => {
  const api = readdirSync('docs/api').map((file) => `docs/api/${file}`);
  const long = [...pages, ...api].flatMap((page) =>
    readFileSync(page, 'utf8')
      .replaceAll(/^( *)```.*?^\1```$/gms, '')
      .split('\n')
      .filter((line) => line.length > 120 && !/^ *\||https?:|^ *\S+$/.test(line))
      .map((line) => `${page}: ${line}`),
  );
  expect(long).toEqual([]);
});

it('the help has no misleading word', () => {
  expect(misleading(MISLEADING_IN_CODE, 'help', readFileSync('help', 'utf8').split('\n'))).toEqual([]);
});

it('no title of a test has a misleading word', () => {
  const tests = filesOf('__tests__').filter((file) => file.endsWith('.test.ts'));
  expect(tests.flatMap((file) => misleading(MISLEADING_IN_CODE, file, titlesIn(file)))).toEqual([]);
  expect(tests.flatMap(titlesIn).length).toBeGreaterThan(2_000);
});

const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /(?<!\.d)\.m?ts$|\.mjs$/.test(file) && !/(^|\/)(node_modules|dist)\//.test(file))
    .map((file) => `${folder}/${file}`);
