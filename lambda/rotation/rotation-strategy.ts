import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { RotationRules } from '../../rules/schedule/rotation-rules.ts';
import type { CheckContext } from './check-context.ts';
import type { SecretFormat } from './secret-document.ts';

/** What a strategy may use in addition to its own values. */
export interface RotationContext {
  /** As Secrets Manager sent it: an ARN. Some emulators send the name. */
  readonly secretId: string;
  /** The id of the pending version. It is the same in every retry of one rotation, so it is a good idempotency key. */
  readonly versionId: string;
  /** Aborts shortly before the function's time runs out. Pass it to every call that takes one. */
  readonly signal: AbortSignal;
  /**
   * Whether this rotation's version is still to become current, asked anew: one call, DescribeSecret. Ask after you have waited for
   * something: a second attempt may have finished this rotation in the meantime, or somebody may have given it up and started
   * another. If the answer is false, or there is none, change nothing.
   * @throws TIMEOUT once the function's time is over: a frozen process that wakes up later must change nothing either
   */
  isPending(): Promise<boolean>;
  /**
   * Changes something back at the target, after a value was set and could not be proved; in setSecret only. It calls `back` if the
   * rotation is still to be finished. A second attempt may have proved the value before, and finish the rotation now: so this
   * reads the labels for ten more seconds, and calls `again`, which sets the value again, if the version has become current.
   */
  changeBack(change: { back(): Promise<void>; again(): Promise<void> }): Promise<void>;
  /**
   * The current value of another secret, such as an administrator's or an OAuth client's. Send it only where that secret
   * itself or the function's environment says, never to an address that is in the rotated secret.
   * @param publicFields the fields of it that may stand in logs and errors
   * @throws SECRET_VALUE if it does not fit the schema; PRIVILEGE if the role may not read it
   */
  secret<Value>(
    secretId: string,
    schema: StandardSchemaV1<unknown, Value>,
    publicFields?: readonly string[],
  ): Promise<Value>;
  /** Writes one structured line. Values of every secret that was read through the protocol are scrubbed from it. */
  log(message: string, details?: Readonly<Record<string, unknown>>): void;
}

/** What `create` may use in addition. */
export interface CreateContext extends RotationContext {
  /** When the secret rotates, according to DescribeSecret; undefined if it rotates only by hand. */
  readonly rotationRules: RotationRules | undefined;
}

/** What `create` returns: the fields that change, or the whole text. */
export type Change<Pending> = Pending extends string ? string : Partial<Pending>;

/** How one kind of secret gets a new value. The protocol calls it. It never touches staging labels. */
export interface RotationStrategy<Current, Pending> {
  /**
   * `json`: the secret is a JSON object; fields that no schema names stay byte for byte. `text`: it is one plain string.
   * @default 'json'
   */
  readonly format?: SecretFormat;
  /** Top-level fields that may stand in logs and errors, such as `host` or `username`. @default none */
  readonly publicFields?: readonly string[];
  /** What the stored document must hold before a rotation; a first version may lack what is generated. */
  readonly current: StandardSchemaV1<unknown, Current>;
  /** What it must hold after `create`. It is checked before anything is stored. */
  readonly pending: StandardSchemaV1<unknown, Pending>;
  /**
   * createSecret: returns only the fields that change. It must change nothing at the target, or only what may be done twice:
   * after a crash it is called again for the same version.
   * @param current undefined if the secret has no value yet
   */
  create(current: Current | undefined, context: CreateContext): Promise<Change<Pending>>;
  /**
   * setSecret: makes the target accept `pending`. It must be safe to run again after any crash. Leave it out if the target
   * accepts what `create` returns.
   * @param change `earlier()` yields the values of all other versions that Secrets Manager still lists, newest first, for a
   *   target whose value an abandoned rotation changed. Each costs one call, made when it is asked for. Stop before the
   *   target locks the account: of the versions that are older than the current one, it yields at most `mostOlder`. If the
   *   target tells which version is live, `isLikely` says so, and those come first.
   * @throws POLICY if the target will never accept this value: the next rotation makes another one
   */
  set?(
    change: {
      readonly current: Current;
      readonly pending: Pending;
      earlier(isLikely?: (versionId: string) => boolean, mostOlder?: number): AsyncIterable<Current>;
    },
    context: RotationContext,
  ): Promise<void>;
  /**
   * testSecret: uses `pending` as an application would. It must change nothing, since it also runs on the live value, and it
   * must ask the target each time: only what this proves becomes current. finishSecret calls it, too, in a process that has
   * not.
   */
  test(pending: Pending, context: RotationContext): Promise<void>;
  /**
   * `rotaform preflight`: looks at what the next rotation needs, and says what would make it fail. It must change nothing, neither at
   * the target nor anywhere else, and must log in with what is stored, once. Leave it out if nothing can be told beforehand.
   * @param current undefined if the secret has no value yet
   */
  check?(current: Current | undefined, context: CheckContext<Pending>): Promise<void>;
}
