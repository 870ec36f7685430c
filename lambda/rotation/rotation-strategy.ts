import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { RotationRules } from '../../rules/schedule/rotation-rules.ts';
import type { SecretFormat } from './secret-document.ts';

/** What a strategy may use besides its own values. */
export interface RotationContext {
  /** As Secrets Manager sent it: an ARN (some emulators send the name). */
  readonly secretId: string;
  /** The pending version's id, which is the rotation's token: the same in every retry, so a good idempotency key. */
  readonly versionId: string;
  /** Aborts shortly before the function's time runs out. Pass it to every call that takes one. */
  readonly signal: AbortSignal;
  /**
   * The current value of another secret, such as an administrator's or an OAuth client's.
   * @param publicFields those of its fields that may stand in logs and errors
   * @throws SECRET_VALUE where it does not fit the schema; PRIVILEGE where the role may not read it.
   */
  secret<Value>(
    secretId: string,
    schema: StandardSchemaV1<unknown, Value>,
    publicFields?: readonly string[],
  ): Promise<Value>;
  /** Writes one structured line. Strings of every secret read through the protocol are scrubbed from it. */
  log(message: string, details?: Readonly<Record<string, unknown>>): void;
}

/** What `create` may use besides. */
export interface CreateContext extends RotationContext {
  /** When the secret rotates, as DescribeSecret tells it; undefined where it rotates by hand alone. */
  readonly rotationRules: RotationRules | undefined;
}

/** What `create` gives: the fields that change, or the whole text. */
export type Change<Pending> = Pending extends string ? string : Partial<Pending>;

/** How one kind of secret gets a new value. The protocol calls it; it never touches staging labels. */
export interface RotationStrategy<Current, Pending> {
  /**
   * `json`: the secret is a JSON object, and fields that no schema names survive byte for byte. `text`: one plain string.
   * @default 'json'
   */
  readonly format?: SecretFormat;
  /** Top-level fields that may stand in logs and errors, such as `host` or `username`. @default none */
  readonly publicFields?: readonly string[];
  /** What the stored document must hold before a rotation; a first version may lack what is generated. */
  readonly current: StandardSchemaV1<unknown, Current>;
  /** What it holds after `create`; checked before anything is stored. */
  readonly pending: StandardSchemaV1<unknown, Pending>;
  /**
   * createSecret: gives only the fields that change. Changes nothing at the target, or nothing that hurts when done
   * again: after a crash it is called once more for the same version.
   * @param current undefined where the secret has no value yet
   */
  create(current: Current | undefined, context: CreateContext): Promise<Change<Pending>>;
  /**
   * setSecret: makes the target accept `pending`. Safe to run again after any crash. Absent where issuing is enough.
   * @param change `earlier()` yields older values, newest first, five at the most: for a target left behind by an
   *   abandoned rotation. Each costs an API call, made as it is asked for.
   * @throws POLICY where the target will never accept this value: the next rotation makes another.
   */
  set?(
    change: { readonly current: Current; readonly pending: Pending; earlier(): AsyncIterable<Current> },
    context: RotationContext,
  ): Promise<void>;
  /** testSecret: uses `pending` as an application would. A pure probe: it also runs on the live value. */
  test(pending: Pending, context: RotationContext): Promise<void>;
}
