/** For how many hours of a month tokens are dead, by the schedules of common tutorials and by ours. */
import Table from 'cli-table3';
import { checkTokenLifetime } from '../rules/token-lifetime.ts';
import { deadHours, type TokenPlan } from './dead-hours.ts';

const DAYS = 30;
const HOUR = 3_600;

const PLANS: Readonly<Record<string, TokenPlan>> = {
  'tutorials: 25 h token, every day': { lifetimeSeconds: 25 * HOUR, rules: { ScheduleExpression: 'rate(1 day)' } },
  'tutorials: 25 h token, every day, window 1 h': {
    lifetimeSeconds: 25 * HOUR,
    rules: { ScheduleExpression: 'rate(1 day)', Duration: '1h' },
  },
  'tutorials: Google 1 h token from a key, every day': {
    lifetimeSeconds: HOUR,
    rules: { ScheduleExpression: 'rate(1 day)' },
  },
  'ours: 25 h token, every 20 hours': { lifetimeSeconds: 25 * HOUR, rules: { ScheduleExpression: 'rate(20 hours)' } },
  'ours: 30 h token, every day, window 1 h': {
    lifetimeSeconds: 30 * HOUR,
    rules: { ScheduleExpression: 'cron(0 3 * * ? *)', Duration: '1h' },
  },
  'ours: Google 12 h token, every 8 hours': {
    lifetimeSeconds: 12 * HOUR,
    rules: { ScheduleExpression: 'rate(8 hours)' },
  },
  'ours: Google 1 h token, refreshEveryMinutes 30': { lifetimeSeconds: HOUR, rules: { refreshEveryMinutes: 30 } },
};

const head = ['token and schedule', 'dead hours, random moments', 'dead hours, alternately early and late', 'Rotaform'];
const table = new Table({ head, style: { head: [], border: [] } });
for (const [name, plan] of Object.entries(PLANS)) {
  const random = await deadHours(plan, DAYS, 'random');
  const worst = await deadHours(plan, DAYS, 'early, late');
  const verdict = checkTokenLifetime(plan.lifetimeSeconds, plan.rules) === undefined ? 'takes it' : 'refuses it';
  table.push([name, random.toFixed(1), worst.toFixed(1), verdict]);
}
console.log(`Dead hours in ${DAYS} days (${DAYS * 24} hours) of the local clock\n${table}`);
