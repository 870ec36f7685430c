import { checkSchema } from '../rotation/check-schema.ts';
import { RotationError, stringFields } from '../rotation/index.ts';

/** A service account's key, as Google's JSON file has it. */
export type ServiceAccountKey = Readonly<Record<'client_email' | 'private_key' | 'private_key_id', string>>;

/** The fields of the key file that matter here. */
export const serviceAccountKey = stringFields('client_email', 'private_key', 'private_key_id');

/** Those that no log has to hide; the protocol takes every other text of the file for a secret. */
export const PUBLIC_KEY_FIELDS = [
  ...['type', 'project_id', 'private_key_id', 'client_email', 'client_id', 'auth_uri', 'token_uri'],
  ...['auth_provider_x509_cert_url', 'client_x509_cert_url', 'universe_domain'],
];

/**
 * The key from an environment variable that holds the key file in Base64.
 * @throws CONFIGURATION naming the variable, never its value
 */
export function keyFromBase64(variable: string, base64: string): Promise<ServiceAccountKey> {
  return checkSchema(serviceAccountKey, decoded(variable, base64), `The key in ${variable}`, 'CONFIGURATION');
}

function decoded(variable: string, base64: string): unknown {
  try {
    return JSON.parse(Buffer.from(base64, 'base64').toString());
  } catch {
    // The parser's own message quotes the text.
    throw new RotationError('CONFIGURATION', `${variable} is not the Base64 of a service account's JSON key file.`);
  }
}
