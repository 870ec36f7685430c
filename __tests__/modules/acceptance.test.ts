import { readFileSync } from 'node:fs';
import path from 'node:path';
import { App, TerraformStack } from 'cdktf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkAlarmProps } from '../../constructs/alarms/check-alarm-props.ts';
import { checkEnvironmentNames, checkEnvironmentSize } from '../../constructs/checks/check-environment.ts';
import { checkFollowers } from '../../constructs/checks/check-followers.ts';
import { ConstructError, OnRotated, Rotation, type RotationAlarmsProps, Schedule } from '../../constructs/index.ts';
import { checkSecretName } from '../../constructs/secret/secret-name.ts';
import { hasTerraform, missingTerraform } from '../../harness/terraform-cli.ts';
import { conditionsOf, evaluated } from './conditions-of.ts';
import { localsIn } from './refused-inputs.ts';

const SEED = 20_261_128;

/** A variable of a public module, what is tried in it, and what the constructs say of the same. */
interface Tried<Value> {
  readonly file: string;
  readonly variable: string;
  readonly values: fc.Arbitrary<Value>;
  readonly runs: number;
  /** @throws ConstructError if it is refused */
  check(value: Value): void;
}

interface ScheduleValue {
  readonly rate_days: number | null;
  readonly rate_hours: number | null;
  readonly cron: string | null;
  readonly daily: { readonly hour: number } | null;
  readonly weekly: { readonly hour: number; readonly weekday: string } | null;
  readonly monthly: { readonly hour: number; readonly day: string } | null;
  readonly window_hours: number | null;
}

const NOTHING = {
  rate_days: null,
  rate_hours: null,
  cron: null,
  daily: null,
  weekly: null,
  monthly: null,
  window_hours: null,
};
const number = (...edges: number[]) =>
  fc.oneof(
    fc.constantFrom(...edges, ...edges.map((edge) => edge - 1), ...edges.map((edge) => edge + 1)),
    fc.integer({ min: -2, max: 1_100 }),
    fc.constantFrom(0.5, 3.5, 24.25),
  );
const window = fc.option(fc.oneof(fc.integer({ min: 1, max: 24 }), fc.constantFrom(0, 25, 1.5, -1)));
const hour = fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 0, max: 23 }) }, fc.constantFrom(-1, 24, 8.5));

const rates: Tried<ScheduleValue> = {
  file: 'password/schedule.tf',
  variable: 'schedule',
  runs: 1_300,
  values: fc
    .tuple(fc.boolean(), number(1, 4, 999), number(4, 12, 23_976), window)
    .map(([isDays, days, hours, window_hours]) => ({
      ...NOTHING,
      ...(isDays ? { rate_days: days } : { rate_hours: hours }),
      window_hours,
    })),
  check({ rate_days, rate_hours, window_hours }) {
    const options = window_hours === null ? {} : { windowHours: window_hours };
    Schedule.rate(rate_days === null ? { hours: rate_hours ?? 0 } : { days: rate_days }, options);
  },
};

const typed: Tried<ScheduleValue> = {
  file: 'password/schedule.tf',
  variable: 'schedule',
  runs: 1_300,
  values: fc
    .tuple(
      fc.constantFrom('daily', 'weekly', 'monthly'),
      hour,
      fc.constantFrom('SUN', 'MON', 'SAT', 'sun', 'XYZ', ''),
      fc.constantFrom('1', '28', '31', '32', '0', 'L', 'l', '1.5', '07'),
      window,
    )
    .map(([kind, at, weekday, day, window_hours]) => ({
      ...NOTHING,
      [kind]: { hour: at, ...(kind === 'weekly' && { weekday }), ...(kind === 'monthly' && { day }) },
      window_hours,
    })),
  check({ daily, weekly, monthly, window_hours }) {
    const options = window_hours === null ? {} : { windowHours: window_hours };
    if (weekly) Schedule.cron(`0 ${weekly.hour} ? * ${weekly.weekday} *`, options);
    else if (monthly) Schedule.cron(`0 ${monthly.hour} ${monthly.day} * ? *`, options);
    else Schedule.cron(`0 ${daily?.hour} * * ? *`, options);
  },
};

const stack = new TerraformStack(new App(), 'names');
const names: Tried<string> = {
  file: 'password/rotated-secret.tf',
  variable: 'name',
  runs: 1_300,
  values: fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.string({ unit: fc.constantFrom(...'abcXYZ019/_+=.@-'), maxLength: 520 }),
    fc.string({ unit: fc.constantFrom(...'ab/ :é\u200b'), maxLength: 6 }),
    fc.integer({ min: 510, max: 514 }).map((length) => 'n'.repeat(length)),
  ),
  check: (name) => void checkSecretName(stack, { name }),
};

const passwords: Tried<Record<string, unknown>> = {
  file: 'password/password.tf',
  variable: 'password',
  runs: 1_000,
  values: fc.record({
    length: fc.oneof(fc.integer({ min: -1, max: 6 }), fc.constantFrom(4_096, 4_097, 8.5, 32)),
    exclude_characters: fc.option(
      fc.oneof(
        fc.string({ unit: fc.constantFrom(...'ab"\\/@ é\u2019~'), maxLength: 6 }),
        fc.constantFrom('0123456789', 'abcdefghijklmnopqrstuvwxyz', '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~', ''),
      ),
    ),
    exclude_numbers: fc.boolean(),
    exclude_punctuation: fc.boolean(),
    exclude_uppercase: fc.boolean(),
    exclude_lowercase: fc.boolean(),
    include_space: fc.boolean(),
    require_each_included_type: fc.boolean(),
  }),
  check(options) {
    const given = Object.entries(options).filter(([, value]) => value !== null);
    const camelCased = given.map(([name, value]) => [
      name.replace(/_(.)/g, (_, letter) => letter.toUpperCase()),
      value,
    ]);
    Rotation.password(Object.fromEntries(camelCased));
  },
};

const environments: Tried<Record<string, string>> = {
  file: 'custom/variables.tf',
  variable: 'environment',
  runs: 400,
  values: fc.oneof(
    fc
      .tuple(fc.constantFrom('x', 'é', '<', '&', '"', '\u2028', '𝒳', '\n'), fc.integer({ min: 0, max: 4_200 }))
      .map(([character, count]): Record<string, string> => ({ URL: character.repeat(count) })),
    fc.integer({ min: 4_080, max: 4_090 }).map((count): Record<string, string> => ({ A1: 'x'.repeat(count) })),
    fc.constantFrom<Record<string, string>>(
      { AWS_REGION: 'x' },
      { NODE_OPTIONS: 'x' },
      { '1A': 'x' },
      { 'A-B': 'x' },
      { A: 'x' },
      { AWS_ENDPOINT_URL_STS: 'x' },
      { NODE_ENV: 'production' },
    ),
  ),
  check(environment) {
    checkEnvironmentNames(environment);
    checkEnvironmentSize(environment);
  },
};

const alarmed = (props: RotationAlarmsProps) =>
  void checkAlarmProps(stack, { email: 'team@example.com', secretNamePrefix: 'my-app/', ...props });
const alarmNames: Tried<string> = {
  file: 'alarms/variables.tf',
  variable: 'name',
  runs: 400,
  values: fc.oneof(
    fc.string({ unit: 'binary', maxLength: 6 }),
    fc.string({ unit: fc.constantFrom(...'aZ0_-'), maxLength: 50 }),
    fc.integer({ min: 46, max: 50 }).map((length) => 'n'.repeat(length)),
  ),
  check: (name) => alarmed({ name }),
};
const prefixes: Tried<string> = {
  file: 'alarms/variables.tf',
  variable: 'secret_name_prefix',
  runs: 400,
  values: fc.oneof(
    fc.string({ unit: 'binary', maxLength: 4 }),
    fc.string({ unit: fc.constantFrom(...'aZ0/_+=.@-!'), maxLength: 6 }),
  ),
  check: (secretNamePrefix) => alarmed({ secretNamePrefix }),
};
const addresses: Tried<string> = {
  file: 'alarms/variables.tf',
  variable: 'email',
  runs: 400,
  values: fc.oneof(fc.emailAddress(), fc.string({ unit: fc.constantFrom(...'ab@. '), maxLength: 8 })),
  check: (email) => alarmed({ email }),
};
const followers: Tried<readonly { ecs_service: { cluster_name: string; service_name: string } }[]> = {
  file: 'password/followers.tf',
  variable: 'on_rotated',
  runs: 400,
  values: fc
    .array(
      fc.record({
        cluster_name: fc.constantFrom('apps', 'a b', '', 'x'.repeat(255), 'x'.repeat(256)),
        service_name: fc.constantFrom('web', 'web_2', 'a/b', 'WEB-1'),
      }),
      { maxLength: 7 },
    )
    .map((services) => services.map((ecs_service) => ({ ecs_service }))),
  check: (all) =>
    void checkFollowers(
      all.map(({ ecs_service: { cluster_name: clusterName, service_name: serviceName } }) =>
        OnRotated.ecsService({ clusterName, serviceName }),
      ),
    ),
};

describe.skipIf(!hasTerraform)(
  `The module accepts what the constructs accept, and nothing else${missingTerraform}`,
  () => {
    it.each<[string, Tried<never>]>([
      ['rates with windows', rates as unknown as Tried<never>],
      ['typed schedules with windows', typed as unknown as Tried<never>],
      ['names', names as unknown as Tried<never>],
      ['password options', passwords as unknown as Tried<never>],
      ['environments', environments as unknown as Tried<never>],
      ['names of alarms', alarmNames as unknown as Tried<never>],
      ['prefixes that alarms watch', prefixes as unknown as Tried<never>],
      ['addresses that alarms tell', addresses as unknown as Tried<never>],
      ['followers', followers as unknown as Tried<never>],
    ])('for %s', async (_, { file, variable, values, runs, check }) => {
      const tried = fc.sample(values, { numRuns: runs, seed: SEED });
      const expected = tried.map((value) => isAccepted(() => check(value)));
      const found = await acceptedByTerraform(file, variable, tried);
      const mismatches = tried.filter((__, index) => found[index] !== expected[index]);
      expect(mismatches.map((value) => JSON.stringify(value).slice(0, 200))).toEqual([]);
      expect(new Set(expected), 'some are accepted, and some are refused').toEqual(new Set([true, false]));
      console.info(`${runs} ${variable}: ${expected.filter(Boolean).length} accepted, 0 mismatches`);
    });
  },
);

function isAccepted(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof ConstructError) return false;
    throw error;
  }
}

/** What the validations of a variable say of each value. */
async function acceptedByTerraform(file: string, variable: string, values: readonly unknown[]): Promise<unknown[]> {
  const text = readFileSync(path.join('modules', file), 'utf8');
  const { types = '{}', follower_forms = '{}' } = Object.fromEntries(localsIn(text));
  const conditions = conditionsOf(text, variable)
    .map((condition) => condition.replaceAll(new RegExp(`\\bvar\\.${variable}\\b`, 'g'), 'value'))
    // What another variable or a provider decides is another question.
    .filter((condition) => !/\b(var|data)\./.test(condition))
    .map((condition) => `(${condition.replaceAll('lookup(local.schedule_forms, "cron")', '".*"')})`);
  return evaluated(values, conditions.join(' &&\n'), { types, follower_forms, excluded_by_default: '"/@\\"\'\\\\"' });
}
