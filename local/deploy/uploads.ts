import { DeployError } from './deploy-error.ts';

/** What a stack uploads to S3 while it is deployed. There is no S3 here: only the stack's functions read it. */
export class Uploads {
  readonly #objects = new Map<string, Uint8Array>();

  add(bucket: string, key: string, bytes: Uint8Array): void {
    this.#objects.set(`${bucket}/${key}`, bytes);
  }

  /** @throws VALUE the stack does not upload such an object. */
  read(bucket: string, key: string): Uint8Array {
    const bytes = this.#objects.get(`${bucket}/${key}`);
    if (bytes) return bytes;
    throw new DeployError(
      'VALUE',
      `the stack does not upload s3://${bucket}/${key}, and there is no S3 here. Expected an aws_s3_object of the stack.`,
    );
  }
}
