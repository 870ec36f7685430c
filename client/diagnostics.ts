import { channel } from 'node:diagnostics_channel';

/** Which secret, under which label. Never its value. */
export interface SecretName {
  readonly secretId: string;
  readonly versionStage: string;
}

/** `rotaform:secret:read` – a call of Secrets Manager ended. */
export interface ReadEvent extends SecretName {
  readonly milliseconds: number;
  /** Absent where it succeeded. */
  readonly errorCode?: string;
}

/** `rotaform:secret:rotated` – another version is handed out from now on. */
export interface RotatedEvent extends SecretName {
  readonly versionId: string;
  readonly previousVersionId: string;
}

/** `rotaform:secret:rejected` – a new version is not what its schema needs; the last good one is kept. */
export interface RejectedEvent extends SecretName {
  readonly versionId: string;
  readonly message: string;
}

/** `rotaform:secret:refused` – what the secret opens refused a version. */
export interface RefusedEvent extends SecretName {
  readonly versionId: string;
}

interface Events {
  readonly read: ReadEvent;
  readonly rotated: RotatedEvent;
  readonly rejected: RejectedEvent;
  readonly refused: RefusedEvent;
}

export function publish<Kind extends keyof Events>(kind: Kind, event: Events[Kind]): void {
  channel(`rotaform:secret:${kind}`).publish(event);
}
