import type { Alarm } from './alarm.ts';

/** One value of one metric. */
export interface MetricPoint {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
  readonly atMs: number;
}

/** The newest points are kept for alarms that are made after them. */
const KEPT_POINTS = 1_000;

/** The alarms of one account, and the metrics that they look at. */
export class AlarmStore {
  readonly #alarms = new Map<string, Alarm>();
  readonly #points: MetricPoint[] = [];

  /** Gives the point to the alarms on its metric. */
  record(point: MetricPoint): void {
    this.#points.push(point);
    if (this.#points.length > KEPT_POINTS) this.#points.shift();
    for (const alarm of this.#alarms.values()) if (isOf(point, alarm.settings)) alarm.add(point);
  }

  /** The points of a metric that are kept. */
  pointsOf(settings: Alarm['settings']): MetricPoint[] {
    return this.#points.filter((point) => isOf(point, settings));
  }

  add(alarm: Alarm): void {
    this.find(alarm.settings.AlarmName)?.close();
    this.#alarms.set(alarm.settings.AlarmName, alarm);
  }

  find(name: string): Alarm | undefined {
    return this.#alarms.get(name);
  }

  all(): Alarm[] {
    return [...this.#alarms.values()];
  }

  remove(alarm: Alarm): void {
    alarm.close();
    this.#alarms.delete(alarm.settings.AlarmName);
  }

  clear(): void {
    for (const alarm of this.all()) this.remove(alarm);
    this.#points.length = 0;
  }
}

function isOf({ namespace, name, dimensions }: MetricPoint, { Namespace, MetricName, Dimensions }: Alarm['settings']) {
  return (
    namespace === Namespace &&
    name === MetricName &&
    Object.keys(dimensions).length === Dimensions.length &&
    Dimensions.every(({ Name, Value }) => dimensions[Name] === Value)
  );
}
