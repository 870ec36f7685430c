import { readFileSync } from 'node:fs';
import { GoogleStandIn } from '../../../examples/google-calendar/stand-in/google-stand-in.ts';

/** A Google with a service account, for as long as the show lasts. */
export interface GoogleOfTheShow {
  /** How people call it. */
  readonly name: string;
  readonly serviceAccount: string;
  /** The key's JSON file. */
  readonly key: string;
  /** Where it answers in place of Google; undefined for Google itself. */
  readonly url?: string;
  end(): Promise<void>;
}

/** Google itself where there is a key for it, else a stand-in. @throws Error where the file is no key of a service account */
export async function googleOfTheShow(keyFile: string | undefined): Promise<GoogleOfTheShow> {
  if (keyFile !== undefined) {
    const key = readFileSync(keyFile, 'utf8');
    return { name: 'Google', serviceAccount: accountOf(key, keyFile), key, end: async () => {} };
  }
  const google = await GoogleStandIn.start();
  const serviceAccount = 'calendar@my-project.iam.gserviceaccount.com';
  const key = JSON.stringify(google.createAccount(serviceAccount));
  return { name: 'a stand-in of Google', serviceAccount, key, url: google.url, end: () => google.close() };
}

function accountOf(key: string, keyFile: string): string {
  try {
    const { client_email } = JSON.parse(key);
    if (typeof client_email === 'string') return client_email;
  } catch {
    // The parser's own message quotes the text.
  }
  throw new Error(`${keyFile} is no JSON key file of a service account: it has no client_email.`);
}
