import { EventEmitter } from 'node:events';
import type { Account } from './account.ts';
import type { AccountEvents } from './account-events.ts';
import { answering } from './answer-request.ts';
import { type Clock, systemClock } from './clock.ts';
import { Faults } from './faults/faults.ts';
import { startHttpServer } from './http-server.ts';
import { RoleStore } from './iam/role-store.ts';
import { KeyStore } from './kms/key-store.ts';
import { FunctionStore } from './lambda/function-store.ts';
import type { StartFunction } from './lambda/running-function.ts';
import { LogGroupStore } from './logs/log-group-store.ts';
import { ScheduleStore } from './scheduler/schedule-store.ts';
import { existingSecret } from './secrets-manager/existing-secret.ts';
import type { RotationOutcome } from './secrets-manager/rotation-run.ts';
import { DEFAULT_ROTATION_SETTINGS, type RotationSettings } from './secrets-manager/rotation-settings.ts';
import { SecretStore } from './secrets-manager/secret-store.ts';

export interface LocalAwsOptions {
  /** @default 0, any free port */
  readonly port?: number;
  /** @default this machine's time, which `account.clock.advance` moves */
  readonly clock?: Clock;
  /** Twelve digits. @default 123456789012 */
  readonly accountId?: string;
  /** @default us-east-1 */
  readonly region?: string;
  readonly rotation?: Partial<RotationSettings>;
  /** Runs the functions' code. @default a Node.js process for each invocation at a time */
  readonly startFunction?: StartFunction | undefined;
  /** Names that programs may call it by, besides `localhost` and loopback addresses. @default none */
  readonly hostNames?: readonly string[];
}

export interface LocalAws {
  readonly account: Account;
  /** Such as `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  /** Makes calls fail on demand. */
  readonly faults: Faults;
  /** The environment variables with which an AWS SDK or the AWS CLI finds this account. */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * Waits until the secret's latest rotation has ended, and returns how. Undefined if there was none.
   *
   * @throws ResourceNotFoundException no such secret.
   */
  rotationSettled(secretId: string): Promise<RotationOutcome | undefined>;
  /** Cancels the rotations in progress, and stops the functions' processes and the server. */
  close(): Promise<void>;
}

/**
 * AWS on this machine, as far as rotating secrets need it, for development and tests: an empty account that speaks AWS's own
 * protocols, so the unmodified AWS SDK and Terraform's AWS provider work with it. Only this machine can reach it. Signatures
 * are not verified. A function may do what the policies of its role allow. Every other caller is the account's root and may
 * do everything.
 *
 * @throws Error the port is in use.
 */
export async function localAws({
  port = 0,
  clock = systemClock(),
  accountId = '123456789012',
  region = 'us-east-1',
  rotation = {},
  startFunction,
  hostNames = [],
}: LocalAwsOptions = {}): Promise<LocalAws> {
  const faults = new Faults();
  const names = hostNames.map((name) => name.toLowerCase());
  const server = await startHttpServer(
    port,
    answering(() => ({ account, faults, hostNames: names })),
  );
  const account: Account = {
    id: accountId,
    region,
    endpoint: server.endpoint,
    clock,
    events: new EventEmitter<AccountEvents>(),
    rotation: { ...DEFAULT_ROTATION_SETTINGS, ...rotation },
    secrets: new SecretStore(),
    functions: new FunctionStore(startFunction),
    roles: new RoleStore(),
    keys: new KeyStore(),
    logGroups: new LogGroupStore(),
    schedules: new ScheduleStore(),
  };
  return {
    account,
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
      return existingSecret(secretId, account).lastRun?.settled;
    },
    async close() {
      faults.clear();
      await server.close();
      account.schedules.close();
      account.secrets.close();
      await account.functions.close();
    },
  };
}
