import { createHash } from 'node:crypto';
import type { FunctionConfiguration } from './lambda-function.ts';

/** What a function's configuration says of its archive. */
export function codeOf(zip: Uint8Array): Pick<FunctionConfiguration, 'CodeSha256' | 'CodeSize'> {
  return { CodeSha256: createHash('sha256').update(zip).digest('base64'), CodeSize: zip.length };
}
