import { channel } from 'node:diagnostics_channel';

/** Of a secret's version, by its names: never its value. */
interface Subject {
  readonly secretId: string;
  readonly versionStage: string;
}

/** `rotaform:secret:read` – a call of Secrets Manager ended. */
export interface ReadEvent extends Subject {
  readonly milliseconds: number;
  /** Absent where it succeeded. */
  readonly errorCode?: string;
}

/** `rotaform:secret:rotated` – another version is handed out from now on. */
export interface RotatedEvent extends Subject {
  readonly versionId: string;
  readonly previousVersionId: string;
}

/** `rotaform:secret:rejected` – a new version is not what its schema needs; the last good one is kept. */
export interface RejectedEvent extends Subject {
  readonly versionId: string;
  readonly message: string;
}

/** `rotaform:secret:refused` – what the secret opens refused a version. */
export interface RefusedEvent extends Subject {
  readonly versionId: string;
}

const channels = {
  read: channel('rotaform:secret:read'),
  rotated: channel('rotaform:secret:rotated'),
  rejected: channel('rotaform:secret:rejected'),
  refused: channel('rotaform:secret:refused'),
};

export const publishRead = (event: ReadEvent): void => channels.read.publish(event);
export const publishRotated = (event: RotatedEvent): void => channels.rotated.publish(event);
export const publishRejected = (event: RejectedEvent): void => channels.rejected.publish(event);
export const publishRefused = (event: RefusedEvent): void => channels.refused.publish(event);
