import { EventEmitter } from 'node:events';
import type { Account } from './account.ts';
import type { AccountEvents } from './account-events.ts';
import { Accounts } from './accounts.ts';
import { answering } from './answer-request.ts';
import { type Clock, systemClock } from './clock.ts';
import { deliverLabels } from './events/deliver-labels.ts';
import { deliverTrail } from './events/deliver-trail.ts';
import { Faults } from './faults/faults.ts';
import { startHttpServer } from './http-server.ts';
import type { StartFunction } from './lambda/running-function.ts';
import type { LocalControl } from './local-control.ts';
import { SessionStore } from './permissions/session-store.ts';
import { placeOf } from './place.ts';
import { Quotas } from './quotas.ts';
import { existingSecret } from './secrets-manager/existing-secret.ts';
import type { RotationOutcome } from './secrets-manager/rotation-run.ts';
import { DEFAULT_ROTATION_SETTINGS, type RotationSettings } from './secrets-manager/rotation-settings.ts';
import { StateFile } from './state/state-file.ts';

export interface LocalAwsOptions {
  /** @default 0, any free port */
  readonly port?: number;
  /** @default this machine's time, which `account.clock.advance` moves */
  readonly clock?: Clock;
  /** The default account: twelve digits. @default 123456789012 */
  readonly accountId?: string;
  /** The default region. @default us-east-1 */
  readonly region?: string;
  readonly rotation?: Partial<RotationSettings>;
  /** Refuses calls beyond AWS's quotas for one second, in this machine's time. @default false */
  readonly quotas?: boolean;
  /** Whether a trail records rotations, so that rules of EventBridge get their events. @default true */
  readonly trail?: boolean;
  /** Runs the functions' code. @default a Node.js process for each invocation at a time */
  readonly startFunction?: StartFunction | undefined;
  /** Keeps everything in this file, and begins with what it holds. @default nothing is kept */
  readonly stateFile?: string | undefined;
  /** Names that programs may call it by, besides `localhost` and loopback addresses. @default none */
  readonly hostNames?: readonly string[];
}

export interface LocalAws {
  /** The default account, in the default region. Its `at` gives the others. */
  readonly account: Account;
  /** Every account and region that was used so far. */
  accounts(): readonly Account[];
  /** Such as `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  /** Makes calls fail on demand. */
  readonly faults: Faults;
  /** The environment variables with which an AWS SDK or the AWS CLI finds the default account. */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * Waits until the secret's latest rotation has ended, and returns how. Undefined if there was none.
   *
   * @throws ResourceNotFoundException no such secret.
   */
  rotationSettled(secretId: string): Promise<RotationOutcome | undefined>;
  /** Writes the state file now, if there is one. Each call that changes something does so before it is answered. */
  save(): Promise<void>;
  /** Empties all accounts: as `POST /_local/reset` does. */
  reset(): Promise<void>;
  /** Cancels the rotations in progress, and stops the functions' processes and the server. */
  close(): Promise<void>;
}

/**
 * AWS on this machine, as far as rotating secrets need it, for development and tests: empty accounts that speak AWS's own
 * protocols, so the unmodified AWS SDK and Terraform's AWS provider work with it. Only this machine can reach it. Signatures
 * are not verified, but their scope says the region, and their key who calls: the session of a role may do what the policies of
 * the role allow. Every other caller is an account's root and may do everything.
 *
 * @throws Error the port is in use.
 */
export async function localAws({
  port = 0,
  clock = systemClock(),
  accountId = '123456789012',
  region = 'us-east-1',
  rotation = {},
  quotas = false,
  trail = true,
  startFunction,
  hostNames = [],
  stateFile,
}: LocalAwsOptions = {}): Promise<LocalAws> {
  const faults = new Faults();
  const names = hostNames.map((name) => name.toLowerCase());
  const server = await startHttpServer(
    port,
    answering(() => ({ account, faults, hostNames: names, local })),
  );
  const accounts = new Accounts({
    endpoint: server.endpoint,
    clock,
    events: new EventEmitter<AccountEvents>(),
    rotation: { ...DEFAULT_ROTATION_SETTINGS, ...rotation },
    sessions: new SessionStore(),
    quotas: quotas ? new Quotas() : undefined,
    startFunction,
  });
  const account = accounts.at({ id: accountId, region });
  let state: StateFile | undefined;
  try {
    state = stateFile === undefined ? undefined : StateFile.open(stateFile, account, () => accounts.all());
  } catch (error) {
    await server.close();
    // What was restored before the error has timers and folders.
    await accounts.close();
    throw error;
  }
  if (trail) deliverTrail(account);
  deliverLabels(account);
  const save = async () => state?.save();
  for (const event of ['rotationStarted', 'rotationStepEnded', 'rotationEnded'] as const) {
    // What nobody waits for. A failure shows again with the next call.
    account.events.on(event, () => void save().catch(() => {}));
  }
  const local: LocalControl = {
    save,
    async reset() {
      faults.clear();
      await accounts.reset();
      await save();
    },
  };
  return {
    account,
    save,
    reset: local.reset,
    accounts: () => accounts.all(),
    endpoint: server.endpoint,
    faults,
    environment: {
      AWS_ENDPOINT_URL: server.endpoint,
      AWS_REGION: region,
      // The AWS CLI 1 and boto3 read only this one.
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    },
    async rotationSettled(secretId) {
      return existingSecret(secretId, account.at(placeOf(secretId) ?? {})).lastRun?.settled;
    },
    async close() {
      faults.clear();
      await server.close();
      try {
        await state?.close();
      } finally {
        await accounts.close();
      }
    },
  };
}
