import { readFileSync } from 'node:fs';
import { GoogleStandIn } from '../../../examples/google-calendar/stand-in/google-stand-in.ts';

/** Google, or a stand-in that lives as long as the show, with a service account. */
export interface GoogleOfTheShow {
  /** Its name for people. */
  readonly name: string;
  readonly serviceAccount: string;
  /** The key's JSON file. */
  readonly key: string;
  /** The URL of the stand-in. Undefined for Google itself. */
  readonly url?: string;
  end(): Promise<void>;
}

/** Google itself if there is a key for it, otherwise a stand-in. @throws Error the file is not the key of a service account */
export async function googleOfTheShow(keyFile: string | undefined): Promise<GoogleOfTheShow> {
  if (keyFile !== undefined) {
    const key = readFileSync(keyFile, 'utf8');
    return { name: 'Google', serviceAccount: accountOf(key, keyFile), key, end: async () => {} };
  }
  const google = await GoogleStandIn.start();
  const serviceAccount = 'calendar@my-project.iam.gserviceaccount.com';
  const key = JSON.stringify(google.createAccount(serviceAccount));
  return { name: 'a stand-in for Google', serviceAccount, key, url: google.url, end: () => google.close() };
}

function accountOf(key: string, keyFile: string): string {
  try {
    const { client_email } = JSON.parse(key);
    if (typeof client_email === 'string') return client_email;
  } catch {
    // The parser's own message quotes the text.
  }
  throw new Error(`${keyFile} is not the JSON key file of a service account: it has no client_email.`);
}
