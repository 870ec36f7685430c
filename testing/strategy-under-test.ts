import type { ForeignTarget } from './foreign-target.ts';

/** A strategy, and what it takes to try it. */
export interface StrategyUnderTest {
  /** The file that exports `handler = rotationHandler(…)`. */
  readonly entry: string;
  /** As `Rotation.custom` takes it. @default false */
  readonly trim?: boolean;
  /** The function's environment variables. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Other secrets that stand in the account, such as an administrator's: name and value. @default none */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Fields that may stand in logs and errors, as the strategy says it. @default none */
  readonly publicFields?: readonly string[];
  /**
   * What the target promises while a rotation is under way.
   *
   * - `overlap`: the old value works until the new one is current, so `AWSCURRENT` must work at every instant.
   * - `window`: the target knows one value at a time, so `AWSCURRENT` may be refused between setSecret and finishSecret;
   *   the value that works must then stand in another version that is listed.
   */
  readonly promise: 'overlap' | 'window';
  /** Whether targets have `refuseNext`. @default false */
  readonly canRefuse?: boolean;
  /**
   * Makes what one secret opens, fresh for each case: nothing that another case could meet.
   * @param statement to be called around whatever the function asks of the target and a crash may cut; where it is not,
   *   crashes are tried at the calls of Secrets Manager alone
   * @param secretName the secret's name, for a strategy whose declaration says by it which target a secret may open
   */
  target(statement: Statement, secretName: string): Promise<TargetUnderTest>;
  /**
   * For a strategy that uses another secret, such as an administrator's: the rotated secret as its writer would edit it, to be
   * sent the other secret or to get another user's password.
   * @param secretString what the secret of a fresh target holds
   * @default not tried
   */
  foreign?(secretString: string): Promise<readonly ForeignTarget[]>;
  /**
   * How many pairs of crashes are tried: all of them, or a sample of this size, and then fewer random histories, too.
   * @default 'all'
   */
  readonly pairs?: 'all' | number;
}

/**
 * Runs a statement for the function, unless the suite kills the function's process before it, or right after.
 *
 * @param name for messages, such as `ALTER USER`; no value of a secret
 * @throws FunctionKilled if whoever asked is gone: end the connection.
 * @throws TargetFailed with an HTTP `status`, 500 or 429: answer with it. If you do not speak HTTP, end the connection.
 * @example server.on('statement', (sql, answer) => statement(sql, () => database.run(sql)).then(answer, hangUp));
 */
export type Statement = <Answer>(name: string, run: () => Answer | Promise<Answer>) => Promise<Answer>;

/** What one secret opens. The suite asks it directly: nothing of this counts as a statement, or as a refusal. */
export interface TargetUnderTest {
  /** The secret's first value. @default none */
  readonly secretString?: string;
  /**
   * Whether an application that has this value gets in, and may do what it must: asked of the target, never of the
   * strategy.
   */
  accepts(secretString: string): Promise<boolean>;
  /** How many credentials the target has refused so far: a rotation without trouble must cause none. @default not asked */
  refused?(): number;
  /**
   * What exists at the target for this secret, such as its keys or users. A rotation that was cut off must leave no more of
   * it than one that was not, once the secret has rotated again.
   * @default not asked
   */
  list?(): readonly unknown[] | Promise<readonly unknown[]>;
  /**
   * Makes the target refuse this value from now on, as a person does who sets another by hand: between the steps of a
   * rotation, too.
   * @default not tried
   */
  revoke?(secretString: string): void | Promise<void>;
  /** What the target knows, to compare before and after what must not change it. @default not compared */
  state?(): unknown;
  /** Makes the target refuse the next new value for good, as a password policy does. */
  refuseNext?(): void;
}
