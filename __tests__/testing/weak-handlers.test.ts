import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

const HAPPY = 'rotates, and rotates again, without a refused credential';
const PROMOTION = 'moves AWSCURRENT in finishSecret, and in no step before';
const CRASH = 'survives a crash before and after every call and every statement';
const GIVEN_UP = 'recovers from a rotation that failed anywhere and was abandoned';
const ONLY_TESTED = 'changes nothing if Secrets Manager only tests it';
const THROTTLED = 'continues if any call is throttled';
const FOREIGN = 'sends no other secret to an address from the rotated one, and changes no other user';
const HANGING = 'says why, before its timeout, if any request hangs';

const NOT_SET = 'never promotes a value that was not set, in a warm process';
const REFUSED = 'never promotes a value that the target has since rejected, in a warm process';
const REFUSED_COLD = 'never promotes a value that the target has since rejected, in a cold process';
const ANSWERS = 'survives a target that answers 500 or 429 for a moment';
const SEVERAL = 'recovers after several abandoned rotations in a row';
const ORPHANS = 'leaves nothing behind at the target after the next rotation';

interface Weakness {
  readonly handler: string;
  /** @default single */
  readonly target?: 'single' | 'alternating';
  /** Titles of tests that must fail, and the reason that each must give. */
  readonly fails: Readonly<Record<string, RegExp>>;
  /** Titles of tests that it passes: nobody would notice the weakness by them. */
  readonly passes?: readonly string[];
}

const weaknesses: readonly Weakness[] = [
  {
    handler: 'ignores-the-steps',
    fails: {
      [HAPPY]: /stored a value under another id than the ClientRequestToken/,
      [PROMOTION]: /the version that is AWSCURRENT after createSecret/,
      [CRASH]: /^Error: a rotation without trouble: the function stored a value under another id/,
    },
  },
  {
    handler: 'takes-any-error-for-no-value',
    fails: {
      [CRASH]: /fail-(before|after) call 2 \(GetSecretValue\): the rotation failed although nothing interfered/,
    },
    passes: [HAPPY, PROMOTION],
  },
  {
    handler: 'stores-without-the-token',
    fails: { [HAPPY]: /stored a value under another id than the ClientRequestToken/ },
  },
  {
    handler: 'promotes-early',
    fails: { [PROMOTION]: /the version that is AWSCURRENT after setSecret/ },
    passes: [HAPPY],
  },
  {
    handler: 'forgets-abandoned-values',
    fails: {
      [GIVEN_UP]: /kill-(before|after) .*: the rotation failed .* refuses the current password and the pending/,
    },
    passes: [HAPPY, PROMOTION],
  },
  {
    handler: 'returns-early',
    target: 'alternating',
    fails: { [CRASH]: /(SET PASSWORD|GRANT) app_clone\): the target refuses the new value/ },
    passes: [HAPPY, PROMOTION],
  },
  {
    handler: 'cleans-up-in-test-secret',
    target: 'alternating',
    fails: {
      [PROMOTION]: /the target refuses AWSCURRENT before the rotation has ended/,
      [ONLY_TESTED]: /labels, values and the target after testSecret/,
    },
    passes: [HAPPY],
  },
  {
    handler: 'follows-the-rotated-secret',
    target: 'alternating',
    fails: { [FOREIGN]: /a foreign endpoint was sent the value of another secret/ },
    passes: [HAPPY],
  },
  {
    handler: 'ignores-the-status',
    fails: { [ANSWERS]: /answer-(500|429) statement 1 \(SET PASSWORD app\): the target refuses the new value/ },
    passes: [HAPPY, PROMOTION],
  },
  {
    handler: 'gives-up-at-a-500',
    fails: { [ANSWERS]: /answer-(500|429) statement 1 .*: the rotation failed although nothing interfered/ },
    passes: [HAPPY, PROMOTION, CRASH],
  },
  {
    handler: 'leaves-orphans',
    target: 'alternating',
    fails: {
      [ORPHANS]: /kill-(before|after) .*: the target has \d+ where a rotation without a crash leaves at most \d+/,
    },
    passes: [HAPPY, PROMOTION, CRASH],
  },
  {
    handler: 'tries-one-earlier-value',
    fails: { [SEVERAL]: /kill-after .*: the rotation failed .* refuses every password that was tried/ },
    passes: [HAPPY, GIVEN_UP],
  },
  {
    handler: 'promotes-without-proof',
    fails: { [NOT_SET]: /finishSecret made a value current that the target refuses/ },
    passes: [HAPPY, PROMOTION, CRASH, GIVEN_UP],
  },
  {
    handler: 'skips-the-test-when-warm',
    fails: { [REFUSED]: /the version that is AWSCURRENT/ },
    passes: [HAPPY, PROMOTION, NOT_SET, REFUSED_COLD],
  },
  {
    handler: 'logs-a-basic-header',
    fails: { [HAPPY]: /secret values appear in the function's log or in its errors/ },
  },
  {
    handler: 'logs-the-value',
    fails: { [HAPPY]: /secret values appear in the function's log or in its errors/ },
  },
];

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[];
      readonly title: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

const RIGHT_ALTERNATING = [HAPPY, PROMOTION, CRASH, ONLY_TESTED, NOT_SET, REFUSED, ANSWERS, ORPHANS, FOREIGN];

/** The suite of each handler that is right, and the titles of it that are run. */
const right: readonly Required<Pick<Weakness, 'handler' | 'target' | 'passes'>>[] = [
  // Errors that name what was waited for are the protocol's own work.
  { handler: 'single-user', target: 'single', passes: [`(?!.*${HANGING})`] },
  { handler: 'alternating-users', target: 'alternating', passes: RIGHT_ALTERNATING },
];

const missed: Weakness = {
  handler: 'asks-more-when-cold',
  fails: { [THROTTLED]: /^Error: throttle call \d+ \(\w+\): .* never happened$/m },
};

/** For each handler and title `passed`, or why it failed. */
let results: ReadonlyMap<string, ReadonlyMap<string, string>>;

beforeAll(async () => {
  results = await runContracts();
}, 900_000);

describe('The contract of strategies', () => {
  it.each(weaknesses.map((each) => [each.handler, each] as const))(
    'fails a handler that %s, and says why',
    (handler, { fails, passes = [] }) => {
      for (const [title, reason] of Object.entries(fails)) expect(results.get(handler)?.get(title)).toMatch(reason);
      for (const title of passes) expect([title, results.get(handler)?.get(title)]).toEqual([title, 'passed']);
    },
  );

  it('fails if a planned fault never happened', () => {
    for (const [title, reason] of Object.entries(missed.fails)) {
      expect(results.get(missed.handler)?.get(title)).toMatch(reason);
    }
  });

  it('passes the handler that most of the weak ones are made from', () => {
    const found = results.get('single-user') ?? new Map();
    expect([...found].filter(([, result]) => result !== 'passed')).toEqual([]);
    expect(found.size).toBeGreaterThan(10);
  });

  it('passes the handler that the others are made from', () => {
    const found = results.get('alternating-users') ?? new Map();
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(RIGHT_ALTERNATING.map((title) => [title, 'passed'])));
  });
});

/** Runs all suites in one process of their own: most of them fail. */
async function runContracts(): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-weak-'));
  try {
    const outputFile = path.join(folder, 'report.json');
    const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
    const root = fileURLToPath(new URL('weak', import.meta.url));
    const suites = [...weaknesses, missed, ...right].map(({ handler, target = 'single', passes = [], ...suite }) => {
      const titles = ['fails' in suite ? Object.keys(suite.fails) : [], passes].flat();
      return { handler, target, titles };
    });
    const pattern = suites.map(
      ({ handler, titles }) => `${handler}, by the contract of strategies (${titles.join('|')})`,
    );
    const options = ['--root', root, '-t', pattern.join('|'), '--reporter=json', `--outputFile=${outputFile}`];
    // A few points of the contract, as npm test tries them, would let some of them through.
    const env = { ...process.env, ROTAFORM_QUICK: undefined, SUITES: JSON.stringify(suites) };
    const output = await new Promise<string>((resolve) =>
      execFile(process.execPath, [vitest, 'run', ...options], { env }, (_error, ...outputs) =>
        resolve(outputs.join('')),
      ),
    );
    const report: Report = JSON.parse(readFileSync(outputFile, 'utf8'));
    const tests = report.testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status }) => status === 'passed' || status === 'failed');
    if (tests.length === 0) throw new Error(`No test has run:\n${output}`);
    const byHandler = new Map<string, Map<string, string>>();
    for (const { ancestorTitles, title, status, failureMessages } of tests) {
      const handler = ancestorTitles[0]?.split(',')[0] ?? '';
      byHandler.set(handler, (byHandler.get(handler) ?? new Map()).set(title, failureMessages[0] ?? status));
    }
    return byHandler;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
