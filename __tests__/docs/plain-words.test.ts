import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

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

it('no page has a word that readers had to read twice', () => {
  const found = pages.flatMap((page) =>
    prose(page).flatMap((text) =>
      MISLEADING.flatMap(([word, instead]) => {
        const [match] = word.exec(text) ?? [];
        return match === undefined ? [] : [`${page}: "${match}": write ${instead}. In: ${text.slice(0, 160)}`];
      }),
    ),
  );
  expect(found).toEqual([]);
});
