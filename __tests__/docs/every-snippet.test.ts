import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { isDeclaration } from './declarations.ts';
import { blocksOf, pages, readPage } from './pages.ts';

/** Tests that run, or compare, all blocks of a language on a page. */
const WHOLE: readonly (readonly [page: RegExp, languages: string, test: string])[] = [
  [/^docs\/read\/nestjs\.md$/, 'typescript', 'docs/read-nestjs.test.ts'],
  [/^docs\/read\//, 'typescript', 'docs/recipe.ts'],
  [/^docs\/read\.md$/, 'ts typescript', 'docs/read.test.ts'],
  [/^docs\/read-(observe|without-aws)\.md$/, 'ts json', 'docs/read-extras.test.ts'],
  [/^docs\/oauth\.md$/, 'ts', 'docs/oauth.test.ts'],
  [/^docs\/local-aws\.md$/, 'ts', 'docs/local-aws.test.ts'],
  [/^docs\/cdktn\.md$/, 'typescript json', 'docs/cdktn.test.ts'],
  [/^docs\/check-stack\.md$/, 'json', 'commands/check-stack/check-stack.test.ts'],
  [/^docs\/ci\.md$/, 'json', 'docs/ci-roles.test.ts'],
  [/^docs\/(rotate-now|status|preflight)\.md$/, 'json', 'docs/policies.test.ts'],
  [/^docs\/postgres\.md$/, 'sql', 'docs/postgres.test.ts'],
  // Athena and CloudTrail Lake: local/cloudtrail.test.ts has the fields that they name.
  [/^docs\/audit\.md$/, 'sql', 'local/cloudtrail.test.ts'],
  [/./, 'hcl', 'modules/pages.test.ts'],
  [/./, 'sh', 'docs/commands.test.ts'],
  // Pictures, output, and addresses of resources.
  [/./, 'text', 'docs/every-snippet.test.ts'],
];

const sources = readdirSync('__tests__', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(path.join('__tests__', file), 'utf8'))
  .join('\n');
/** What tests take from a page: the page, the language, and words of the block. */
const taken = [...sources.matchAll(/blockWith\(\s*'([^']+)',\s*'(\w+)',\s*(?:'([^']+)'|"([^"]+)")/g)].map(
  ([, page, language, word, other]) => ({ page, language, word: word ?? other ?? '' }),
);

it.each(pages)('each snippet of %s is run or compared', (page) => {
  const text = readPage(page);
  const languages = new Set([...text.matchAll(/^ *```([a-z]+)$/gm)].map(([, language = '']) => language));
  for (const language of languages) {
    const whole = WHOLE.some(([pattern, all]) => pattern.test(page) && all.split(' ').includes(language));
    if (whole) continue;
    const unknown = blocksOf(page, language).filter(({ code, line }) => {
      const before = text.split('\n').slice(Math.max(0, line - 3), line - 1);
      const isTaken = taken.some(
        (each) => each.page === page && each.language === language && code.includes(each.word),
      );
      return !isTaken && !before.includes('<!-- runs -->') && !(language === 'ts' && isDeclaration(code));
    });
    expect(unknown.map(({ line }) => `${page}:${line}, ${language}`)).toEqual([]);
  }
});

it('by tests that exist', () => {
  for (const [, , test] of WHOLE) expect(readFileSync(path.join('__tests__', test), 'utf8')).not.toBe('');
});
