import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** What is looked up, not followed: lists in an order of their own. */
const REFERENCE = ['errors.md', 'glossary.md', 'options.md', 'release.md', 'when-not-to-use-this.md'];
const tasks = readdirSync('docs').filter((file) => file.endsWith('.md') && !REFERENCE.includes(file));

const ORDER = [/^What happens( in a rotation)?$/, /^Options$/, /^When it fails$/, /^Going further$/];

const headingsOf = (page: string) =>
  [...page.replaceAll(/^( *)```.*?^\1```$/gms, '').matchAll(/^## (.*)$/gm)].map(([, heading = '']) => heading);

/** Every page of a task answers the same questions in the same order. */
describe.each(tasks)('docs/%s', (file) => {
  const page = readFileSync(`docs/${file}`, 'utf8');
  const headings = headingsOf(page);
  const places = ORDER.map((wanted) => headings.findIndex((heading) => wanted.test(heading)));

  it('says first what you get', () => {
    expect(page).toMatch(/^# .*\n\n\*\*What you get:\*\* /);
  });

  it('says what happens, what to do when it fails, and what comes next', () => {
    const missing = ['What happens', 'Options', 'When it fails', 'Going further'].filter(
      (title, index) => places[index] === -1 && title !== 'Options',
    );
    expect(missing).toEqual([]);
  });

  it('says so in this order, and what comes next last', () => {
    const found = places.filter((place) => place !== -1);
    expect(found).toEqual(found.toSorted((a, b) => a - b));
    expect(headings.at(-1)).toBe('Going further');
  });

  it('has the lines to write before what happens', () => {
    const [before = ''] = page.split(/^## What happens/m);
    expect(before).toMatch(/^ *```|^\|/m);
  });
});
