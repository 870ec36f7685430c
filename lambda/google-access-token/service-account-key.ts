import type { StandardSchemaV1 } from '@standard-schema/spec';
import { quoted } from '../issuers/words.ts';
import { checkSchema } from '../rotation/check-schema.ts';
import { RotationError, stringFields } from '../rotation/index.ts';

/** A service account's key, as Google's JSON file has it. */
export type ServiceAccountKey = Readonly<Record<'client_email' | 'private_key' | 'private_key_id', string>> &
  Readonly<Partial<Record<'type' | 'token_uri' | 'universe_domain', unknown>>>;

/** The fields of the key file that matter here. */
export const serviceAccountKey: StandardSchemaV1<unknown, ServiceAccountKey> = stringFields(
  'client_email',
  'private_key',
  'private_key_id',
);

/** Those that no log has to hide; the protocol takes every other text of the file for a secret. */
export const PUBLIC_KEY_FIELDS = [
  ...['type', 'project_id', 'private_key_id', 'client_email', 'client_id', 'auth_uri', 'token_uri'],
  ...['auth_provider_x509_cert_url', 'client_x509_cert_url', 'universe_domain'],
];

/** What a key file may say of itself. The token endpoint has had three names; a key for another one would be sent elsewhere. */
const EXPECTED: readonly (readonly [field: 'type' | 'universe_domain' | 'token_uri', expected: readonly unknown[]])[] =
  [
    ['type', ['service_account']],
    ['universe_domain', ['googleapis.com']],
    [
      'token_uri',
      [
        'https://oauth2.googleapis.com/token',
        'https://accounts.google.com/o/oauth2/token',
        'https://www.googleapis.com/oauth2/v4/token',
      ],
    ],
  ];

/**
 * Refuses a key that is not one of a service account of Google's public cloud: nothing but Google's own endpoints is asked.
 * @throws SECRET_VALUE
 */
export function checkKey(key: ServiceAccountKey): ServiceAccountKey {
  for (const [field, expected] of EXPECTED) {
    const found = key[field];
    if (found === undefined || expected.includes(found)) continue;
    throw new RotationError(
      'SECRET_VALUE',
      `The key's ${field} is ${quoted(found)}: expected "${expected[0]}". Store a service account's JSON file as Google made it.`,
    );
  }
  return key;
}

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
