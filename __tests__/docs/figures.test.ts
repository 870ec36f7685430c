import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nodeVersions } from '../node-versions.ts';
import { POSTGRES_VERSIONS } from '../postgres-versions.ts';
import { readPage } from './pages.ts';

const WORDS = ['', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'fifteen', 'twenty'];
const VALUES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20];

const asNumber = (text: string): number => {
  const word = WORDS.indexOf(text);
  return word > 0 ? (VALUES[word] ?? 0) : Number(text.replaceAll(/[,_]/g, ''));
};

/** The number that the pattern finds. */
function numberIn(file: string, pattern: RegExp): number {
  const [, found] = pattern.exec(readFileSync(file, 'utf8')) ?? [];
  if (found === undefined) throw new Error(`${file} has no ${pattern}`);
  return asNumber(found);
}

const MS = 1_000;
const DAY_SECONDS = 86_400;

/** What a page says, the constant that it is, and how many of the constant's units make one of the page's. */
const FIGURES: readonly (readonly [page: string, says: RegExp, file: string, constant: RegExp, units?: number])[] = [
  ['docs/check-stack.md', /([\d,]+) parts/, 'commands/check-stack/locals-size.ts', /MOST_PARTS = ([\d_]+)/],
  ['docs/custom-strategy.md', /aborts (\w+) second/, 'lambda/rotation/deadline.ts', /RESERVE_MS = ([\d_]+)/, MS],
  [
    'docs/custom-strategy.md',
    /the last (\w+) seconds/,
    'lambda/rotation/proved-versions.ts',
    /PROOF_HOLDS_MS = ([\d_]+)/,
    MS,
  ],
  [
    'docs/fleet.md',
    /(\d+) (?:calls|writes) a second/,
    'local/quotas.ts',
    /'UpdateSecretVersionStage'[\s\S]*?perSecond: (\d+)/,
  ],
  ['docs/local-aws.md', /request may have (\d+) MB/, 'local/answer-request.ts', /MAX_BODY_BYTES = ([\d_]+)/, 1_048_576],
  ['docs/mysql.md', /(\w+) seconds\. \| The same/, 'lambda/mysql/server.ts', /LOCK_SECONDS = (\d+)/],
  ['docs/oauth.md', /(\d+) s \w+ `Retry-After`/, 'lambda/issuers/ask.ts', /LONGEST_WAIT_SECONDS = (\d+)/],
  ['docs/oauth.md', /5xx.*?(\w+) times/, 'lambda/issuers/ask.ts', /ATTEMPTS = (\d+)/],
  ['docs/oauth.md', /answer\w* (?:in|within) (\d+) s/, 'lambda/issuers/ask.ts', /DEADLINE_MS = ([\d_]+)/, MS],
  ['docs/oauth.md', /(\d+)\s+characters/, 'lambda/issuers/words.ts', /MOST_CHARACTERS = (\d+)/],
  [
    'docs/oauth.md',
    /\*\*interval \+ window \+ (\d+) min/,
    'rules/token-lifetime.ts',
    /READER_CACHE_SECONDS = (\d+)/,
    60,
  ],
  ['docs/oauth.md', /\*\*\+ (\d+) min\*\*/, 'rules/token-lifetime.ts', /SLACK_SECONDS = (\d+)/, 60],
  ['docs/google.md', /(\w+) minutes that a reader/, 'rules/token-lifetime.ts', /READER_CACHE_SECONDS = (\d+)/, 60],
  ['docs/google.md', /(\w+) minutes of\s+slack/, 'rules/token-lifetime.ts', /SLACK_SECONDS = (\d+)/, 60],
  ['docs/on-rotated.md', /can have up to (\w+) followers/, 'constructs/checks/check-followers.ts', /MOST = (\d+)/],
  [
    'docs/on-rotated.md',
    /keeps it\s+for (\d+) days/,
    'constructs/followers/rotation-followers.ts',
    /FOURTEEN_DAYS_SECONDS = ([\d_]+)/,
    DAY_SECONDS,
  ],
  ['docs/on-rotated.md', /tries (\w+) more times/, 'constructs/followers/service-restart.ts', /MaxAttempts: (\d+)/],
  ['docs/on-rotated.md', /for at most (\w+) seconds/, 'client/rotation-message.ts', /LONGEST_MS = ([\d_]+)/, MS],
  ['docs/options.md', /adds (\d+) characters/, 'constructs/secret/secret-name.ts', /(\d+) characters/],
  ['docs/postgres.md', /(\d+) passwords/, 'lambda/databases/live-login.ts', /MOST_LOGINS = (\d+)/],
  ['docs/postgres.md', /passwords, .*?(\w+) seconds/s, 'lambda/databases/live-login.ts', /SEARCH_MS = ([\d_]+)/, MS],
];

describe('A figure on a page is the one in the code:', () => {
  for (const [page, says, file, constant, units = 1] of FIGURES) {
    it(`${page}, ${says.source}`, () => {
      const [said, number = ''] = says.exec(readPage(page)) ?? [];
      expect(said, `${page} has no ${says}`).toBeDefined();
      expect(asNumber(number), said).toBe(numberIn(file, constant) / units);
    });
  }

  it('the versions that README names', () => {
    const readme = readPage('README.md');
    const majors = nodeVersions.map(({ major }) => major);
    expect(readme).toContain(`Node.js ${majors.slice(0, -1).join(', ')} or ${majors.at(-1)}`);
    expect(
      readme
        .match(/PostgreSQL (\d+) to (\d+)/)
        ?.slice(1)
        .map(Number),
    ).toEqual([POSTGRES_VERSIONS[0], POSTGRES_VERSIONS.at(-1)]);
  });

  it('status asks for no more than half of what AWS answers, as docs/status.md says', () => {
    expect(readPage('docs/status.md')).toMatch(/half of the calls per second that AWS allows/);
    const [, paces = ''] = /PER_SECOND = \{(.*?)\}/s.exec(readFileSync('commands/status/pace.ts', 'utf8')) ?? [];
    const quotas = readFileSync('local/quotas.ts', 'utf8');
    const actions = [...paces.matchAll(/(\w+): ([\d_.]+)/g)];
    expect(actions.length).toBeGreaterThan(3);
    for (const [, action = '', pace = ''] of actions) {
      const [, quota = ''] = new RegExp(`:${action}'\\], perSecond: ([\\d_]+)`).exec(quotas) ?? [];
      expect(asNumber(pace), action).toBeLessThanOrEqual(asNumber(quota) / 2);
    }
  });
});
