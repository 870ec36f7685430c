import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** The union of codes in each world, and how the headings of its entries begin. */
const WORLDS = [
  { world: 'Function', file: 'lambda/rotation/rotation-error.ts', type: 'RotationErrorCode' },
  { world: 'Reader', file: 'client/secret-read-error.ts', type: 'SecretReadErrorCode' },
  { world: 'Construct', file: 'constructs/construct-error.ts', type: 'ConstructErrorCode' },
  { world: 'Deploy', file: 'local/deploy/deploy-error.ts', type: 'DeployErrorCode' },
  { world: 'Finding', file: 'rules/rotation-health.ts', type: 'Finding' },
  { world: 'Finding', file: 'commands/preflight/check.ts', type: 'PreflightFinding' },
];

const page = readFileSync('docs/errors.md', 'utf8');
/** The entries of the page: heading and text. */
const entries = page
  .split(/^### /m)
  .slice(1)
  .map((section) => {
    const [heading = '', ...lines] = section.split(/^## /m)[0]?.split('\n') ?? [];
    return { heading, text: lines.join('\n') };
  });

function codesOf({ file, type }: (typeof WORLDS)[number]): string[] {
  const [, union = ''] = new RegExp(`^(?:export )?type ${type} =([^;]+);`, 'm').exec(readFileSync(file, 'utf8')) ?? [];
  return [...union.matchAll(/'(\w+)'/g)].map(([, code = '']) => code);
}

describe('docs/errors.md', () => {
  it('has one entry for each error code, and no other', () => {
    const expected = WORLDS.flatMap((each) => codesOf(each).map((code) => `${each.world}: ${code}`));
    expect(expected.length).toBeGreaterThan(40);
    expect(entries.map(({ heading }) => heading).toSorted()).toEqual(expected.toSorted());
  });

  it.each(entries)('says of $heading what it means, its causes, what to do, and what is safe', ({ text }) => {
    const [meaning = ''] = text.trim().split('\n\n');
    expect(meaning).toMatch(/^[A-Z][\s\S]*[.:]$/);
    expect(meaning).not.toMatch(/^(\d\.|\*\*)/);
    expect(text.match(/^\d\. .+/gm)?.length).toBeGreaterThanOrEqual(2);
    expect(text).toMatch(/^\*\*Do:\*\* \S/m);
    expect(text).toMatch(/^\*\*Meanwhile:\*\* \S/m);
  });

  const anchors = [...page.matchAll(/^##+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );

  it.each(['constructs/rotation-alarms.ts', 'modules/alarms/alarms.tf'])(
    'has the headings that %s links to',
    (file) => {
      const linked = [...readFileSync(file, 'utf8').matchAll(/(?:#entry\('|entry +?= "|_url}#)([\w-]+)/g)];
      expect(linked).toHaveLength(3);
      for (const [, anchor = ''] of linked) expect(anchors).toContain(anchor);
    },
  );

  it('is linked within itself by headings that exist', () => {
    for (const [, anchor = ''] of page.matchAll(/\]\(#([^)]+)\)/g)) expect(anchors).toContain(anchor);
  });
});
