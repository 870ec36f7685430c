import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import { type Unzipped, unzipSync } from 'fflate';
import { AwsError } from '../aws-error.ts';
import type { FunctionConfiguration } from './lambda-function.ts';

/**
 * Unzips a function's archive to a new temporary folder.
 *
 * @returns the folder's path
 * @throws InvalidParameterValueException it is not a zip file, or an entry's name leads out of the folder.
 */
export function unzipCode(zip: Uint8Array): string {
  const entries = Object.entries(read(zip)).filter(([name]) => !name.endsWith('/'));
  const elsewhere = resolve(sep, 'task');
  const outside = entries.find(([name]) => !resolve(elsewhere, name).startsWith(elsewhere + sep));
  if (outside) {
    throw invalid(`The archive's entry ${JSON.stringify(outside[0])} leads out of the function's folder.`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'rotaform-function-'));
  for (const [name, bytes] of entries) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  return folder;
}

function read(zip: Uint8Array): Unzipped {
  try {
    return unzipSync(zip);
  } catch {
    throw invalid('Could not unzip uploaded file. Please check your file, then try to upload again.');
  }
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message);
}

/** What a function's configuration says about its archive. */
export function codeOf(zip: Uint8Array): Pick<FunctionConfiguration, 'CodeSha256' | 'CodeSize'> {
  return { CodeSha256: createHash('sha256').update(zip).digest('base64'), CodeSize: zip.length };
}
