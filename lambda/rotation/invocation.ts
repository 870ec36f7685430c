import type { StandardSchemaV1 } from '@standard-schema/spec';
import { changeBack } from './change-back.ts';
import { checkSchema } from './check-schema.ts';
import type { Deadline } from './deadline.ts';
import { errorCode } from './error-code.ts';
import { RotationError } from './rotation-error.ts';
import { type RotationEvent, secretName } from './rotation-event.ts';
import type { RotationContext, RotationStrategy } from './rotation-strategy.ts';
import type { Scrubber } from './scrubber.ts';
import { readDocument, readEitherFormat } from './secret-document.ts';
import { SecretVersions, type StoredVersion } from './secret-versions.ts';
import { writeLogLine } from './write-log-line.ts';

/** What a step did: its work, or nothing because an earlier attempt had done it. */
export type StepOutcome = 'done' | 'already done';

/** A version as it is stored, and as the strategy's schema sees it. */
export interface Version<Value> {
  readonly stored: StoredVersion;
  readonly value: Value;
}

/** One call of the function: the strategy, and the secret's versions as the steps read them. */
export class Invocation<Current, Pending> {
  readonly secretId: string;
  readonly versionId: string;
  /** The secret's name, for messages. */
  readonly name: string;
  readonly rotationToken: string | undefined;
  readonly versions: SecretVersions;
  readonly context: RotationContext;

  constructor(
    event: Omit<RotationEvent, 'Step'>,
    readonly strategy: RotationStrategy<Current, Pending>,
    readonly deadline: Deadline,
    readonly scrubber: Scrubber,
  ) {
    this.secretId = event.SecretId;
    this.versionId = event.ClientRequestToken;
    this.name = secretName(event.SecretId);
    this.rotationToken = event.RotationToken;
    this.versions = new SecretVersions(deadline);
    this.context = {
      secretId: this.secretId,
      versionId: this.versionId,
      signal: deadline.signal,
      isPending: () => this.isPending(),
      changeBack: (change) => changeBack(this, change),
      secret: (secretId, schema, publicFields) => this.#otherSecret(secretId, schema, publicFields),
      log: (message, details) => writeLogLine('INFO', scrubber.clean(message), scrubber.cleanDetails(details)),
    };
  }

  /** This rotation's version, whatever labels it has, or undefined if it has no value yet. */
  pending(): Promise<Version<Pending> | undefined> {
    return this.#read({ VersionId: this.versionId }, this.strategy.pending, `AWSPENDING of ${this.name}`);
  }

  /** The current version; before the first rotation of a secret that Terraform made, its first version. */
  async current(): Promise<Version<Current> | undefined> {
    return (await this.#labelled('AWSCURRENT')) ?? (await this.#labelled('TERRAFORM_INITIAL'));
  }

  /** Another version of the secret, or undefined if it has no value, or one that does not fit the strategy. */
  async earlier(versionId: string): Promise<Version<Current> | undefined> {
    try {
      return await this.#read({ VersionId: versionId }, this.strategy.current, `version ${versionId}`);
    } catch (error) {
      if (errorCode(error) === 'SECRET_VALUE') return undefined;
      throw error;
    }
  }

  /** A document as the strategy's schema sees it. */
  check<Value>(secretString: string, schema: StandardSchemaV1<unknown, Value>, what: string): Promise<Value> {
    const document = readDocument(this.strategy.format, secretString, what);
    return this.#checked(document, schema, what, this.strategy.publicFields);
  }

  /** The labels of this rotation's version, the id of the current one, and whether and when the secret rotates. */
  async labels() {
    const { RotationEnabled, RotationRules, VersionIdsToStages = {} } = await this.versions.describe(this.secretId);
    const currentVersionId = Object.entries(VersionIdsToStages).find(([, labels]) =>
      labels.includes('AWSCURRENT'),
    )?.[0];
    const stages = VersionIdsToStages[this.versionId] ?? [];
    return { rotationEnabled: RotationEnabled === true, rotationRules: RotationRules, stages, currentVersionId };
  }

  /** Whether this rotation's version is still to become current: nobody has finished the rotation, or given it up. */
  async isPending(): Promise<boolean> {
    const { stages } = await this.labels();
    return stages.includes('AWSPENDING') && !stages.includes('AWSCURRENT');
  }

  /** The error for a secret that does not rotate. */
  disabled(): RotationError {
    return new RotationError(
      'ROTATION_DISABLED',
      `${this.name} has no rotation: it was never configured, or it was canceled. Configure it, or call RotateSecret.`,
    );
  }

  /** The error for a version that is not `AWSPENDING`: there is no such version, or it has lost the label. */
  async notPending(): Promise<RotationError> {
    if ((await this.versions.read(this.secretId, { VersionId: this.versionId })) === undefined) {
      return new RotationError(
        'VERSION_UNKNOWN',
        `${this.name} has no version ${this.versionId}, or an empty one that is not AWSPENDING. Start a rotation with ` +
          'RotateSecret, which makes one, instead of invoking the function.',
      );
    }
    return new RotationError(
      'VERSION_NOT_PENDING',
      `Version ${this.versionId} of ${this.name} is not AWSPENDING. The label was taken from it: by hand, by a newer value, ` +
        'or because the target refuses its value. Start a new rotation with RotateSecret.',
    );
  }

  /**
   * Removes `AWSPENDING` from a version whose value the target will never accept. The version cannot be changed, and
   * RotateSecret is refused while it is pending. The next rotation makes another value.
   */
  giveUp(): Promise<void> {
    return this.versions.moveStage(this.secretId, 'AWSPENDING', { from: this.versionId });
  }

  #labelled(stage: string): Promise<Version<Current> | undefined> {
    return this.#read({ VersionStage: stage }, this.strategy.current, `${stage} of ${this.name}`);
  }

  async #read<Value>(
    which: { VersionId?: string; VersionStage?: string },
    schema: StandardSchemaV1<unknown, Value>,
    what: string,
  ): Promise<Version<Value> | undefined> {
    const stored = await this.versions.read(this.secretId, which);
    return stored && { stored, value: await this.check(stored.secretString, schema, what) };
  }

  async #otherSecret<Value>(
    secretId: string,
    schema: StandardSchemaV1<unknown, Value>,
    publicFields?: readonly string[],
  ): Promise<Value> {
    const what = `AWSCURRENT of ${secretName(secretId)}`;
    const stored = await this.versions.read(secretId, { VersionStage: 'AWSCURRENT' });
    if (stored === undefined)
      throw new RotationError('SECRET_VALUE', `${what} is missing: no such secret, or no value yet.`);
    return this.#checked(readEitherFormat(stored.secretString, what), schema, what, publicFields);
  }

  /** The scrubber learns what is stored and what the schema makes of it, since a schema may trim a value or split it. */
  async #checked<Value>(
    document: unknown,
    schema: StandardSchemaV1<unknown, Value>,
    what: string,
    publicFields?: readonly string[],
  ): Promise<Value> {
    this.scrubber.learn(document, publicFields);
    const value = await checkSchema(schema, document, what);
    this.scrubber.learn(value, publicFields);
    return value;
  }
}
