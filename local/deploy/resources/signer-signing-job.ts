import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { placed } from '../deploy-error.ts';
import { block, resourceType } from '../resource-type.ts';

/**
 * Passes the archive on unchanged: nothing is signed here.
 *
 * @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/signer_signing_job
 */
export const signerSigningJob = resourceType(
  {
    profile_name: v.string(),
    source: block({ s3: block({ bucket: v.string(), key: v.string(), version: v.string() }) }),
    destination: block({ s3: block({ bucket: v.string(), prefix: v.optional(v.string(), '') }) }),
  },
  (values, { address, uploads }) => {
    const [
      {
        s3: [source],
      },
    ] = values.source;
    const [
      {
        s3: [destination],
      },
    ] = values.destination;
    const id = randomUUID();
    const signed = { bucket: destination.bucket, key: `${destination.prefix}${id}.zip` };
    uploads.add(
      signed.bucket,
      signed.key,
      placed(`${address}.source`, () => uploads.read(source.bucket, source.key)),
    );
    return { id, job_id: id, signed_object: [{ s3: [signed] }] };
  },
);
