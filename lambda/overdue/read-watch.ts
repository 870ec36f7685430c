/** What the function is told to look at. */
export interface Watch {
  /** The name that its metrics have. */
  readonly name: string;
  /** Names or ARNs. */
  readonly secretIds: readonly string[];
  /** How long the token in a secret lives, by its name or ARN. */
  readonly lifetimeSeconds: Readonly<Record<string, number>>;
  /** All secrets whose names begin so are looked at as well. */
  readonly secretNamePrefix?: string;
  /** Names of secrets that are not to rotate. */
  readonly except: readonly string[];
  readonly now: Date;
}

/** @throws Error the event is not what the schedule sends */
export function readWatch(event: unknown): Watch {
  const watch = Object(event) as Record<string, unknown>;
  const { name, secretIds = [], lifetimeSeconds = {}, secretNamePrefix, except = [], now } = watch;
  const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
  const areTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText);
  const areSeconds = (value: unknown): value is Record<string, number> =>
    typeof value === 'object' && value !== null && Object.values(value).every(Number.isFinite);
  const at = now === undefined ? new Date() : new Date(String(now));
  const isRight =
    isText(name) &&
    areTexts(secretIds) &&
    areTexts(except) &&
    areSeconds(lifetimeSeconds) &&
    (secretNamePrefix === undefined || isText(secretNamePrefix)) &&
    !Number.isNaN(at.getTime());
  if (isRight) {
    return {
      name,
      secretIds,
      lifetimeSeconds,
      ...(secretNamePrefix !== undefined && { secretNamePrefix }),
      except,
      now: at,
    };
  }
  throw new Error(
    'The event is not what the schedule of RotationAlarms sends. Expected a name, and lists of names as secretIds and except.',
  );
}
