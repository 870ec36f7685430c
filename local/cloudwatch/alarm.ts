import type { Account } from '../account.ts';
import { alarmMessage } from './alarm-message.ts';
import type { MetricPoint } from './alarm-store.ts';
import type { AlarmSettings } from './fields.ts';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** CloudWatch looks at a new alarm within about a minute. */
const FIRST_LOOK_MS = 60_000;

/** What an alarm knows of its metric. */
export interface AlarmMemory {
  readonly state: AlarmState;
  readonly reason: string;
  readonly points: readonly MetricPoint[];
}

const NEW = { state: 'INSUFFICIENT_DATA', reason: 'Unchecked: Initial alarm creation' } as const;

/** One alarm on one metric. It looks when a point comes, and when the last one has become too old, on the account's clock. */
export class Alarm {
  readonly arn: string;
  #state: AlarmState;
  #reason: string;
  #points: MetricPoint[] = [];
  #cancel: () => void;

  constructor(
    readonly settings: AlarmSettings,
    private readonly account: Account,
    points: readonly MetricPoint[],
    readonly tags: Map<string, string> = new Map(),
    before: Pick<AlarmMemory, 'state' | 'reason'> = NEW,
  ) {
    this.#state = before.state;
    this.#reason = before.reason;
    this.arn = `arn:${account.partition}:cloudwatch:${account.region}:${account.id}:alarm:${settings.AlarmName}`;
    this.#points = [...points];
    this.#cancel = account.clock.at(new Date(account.clock.now().getTime() + FIRST_LOOK_MS), () => this.#look());
  }

  get state(): AlarmState {
    return this.#state;
  }

  get reason(): string {
    return this.#reason;
  }

  get memory(): AlarmMemory {
    return { state: this.#state, reason: this.#reason, points: this.#points };
  }

  add(point: MetricPoint): void {
    this.#points.push(point);
    this.#look();
  }

  close(): void {
    this.#cancel();
  }

  #look(): void {
    this.#cancel();
    const { settings, account } = this;
    const nowMs = account.clock.now().getTime();
    const periodMs = settings.Period * 1_000;
    this.#points = this.#points.filter(({ atMs }) => atMs > nowMs - periodMs);
    const [first] = this.#points;
    if (first !== undefined) {
      this.#cancel = account.clock.at(new Date(first.atMs + periodMs), () => this.#look());
    }
    const values = this.#points.map(({ value }) => value);
    this.#become(values.length === 0 ? this.#withoutData() : this.#withData(values));
  }

  #withoutData(): [AlarmState, string] {
    const { TreatMissingData } = this.settings;
    const state = ({ breaching: 'ALARM', notBreaching: 'OK', missing: 'INSUFFICIENT_DATA' } as const)[TreatMissingData];
    return [
      state,
      `Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [${TreatMissingData}].`,
    ];
  }

  #withData(values: readonly number[]): [AlarmState, string] {
    const { Statistic, Threshold, ComparisonOperator } = this.settings;
    const value = Statistic === 'Sum' ? values.reduce((sum, each) => sum + each, 0) : Math.max(...values);
    const isOver = ComparisonOperator === 'GreaterThanThreshold' ? value > Threshold : value >= Threshold;
    const was = isOver ? 'was' : 'was not';
    const compared = ComparisonOperator === 'GreaterThanThreshold' ? 'greater than' : 'greater than or equal to';
    return [
      isOver ? 'ALARM' : 'OK',
      `Threshold Crossed: 1 datapoint [${value}] ${was} ${compared} the threshold (${Threshold}).`,
    ];
  }

  #become([state, reason]: [AlarmState, string]): void {
    this.#reason = reason;
    if (state === this.#state) return;
    const previous = this.#state;
    this.#state = state;
    const { settings, account } = this;
    const { AlarmName: name, AlarmDescription: description = '' } = settings;
    account.events.emit('alarm', { name, description, state, previous, reason });
    const actions = { ALARM: settings.AlarmActions, OK: settings.OKActions, INSUFFICIENT_DATA: [] }[state];
    for (const topicArn of actions) {
      account.topics.publish(topicArn, { ...alarmMessage(this, previous, account), service: 'cloudwatch' }, account);
    }
  }
}
