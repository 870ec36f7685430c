import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { resourceType } from '../resource-type.ts';
import { uniqueId } from '../unique-id.ts';

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_object */
export const s3Object = resourceType(
  { bucket: v.string(), key: v.string(), source: v.string(), source_hash: v.optional(v.string()) },
  async ({ bucket, key, source }, { uploads }) => {
    uploads.add(bucket, key, await readFile(source));
    return { id: `${bucket}/${key}`, version_id: uniqueId('') };
  },
);
