import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { GoogleStandIn } from '../../../examples/google-calendar/stand-in/google-stand-in.ts';
import { newKeyPair } from '../../../examples/google-calendar/stand-in/google-state.ts';
import { describeStrategy } from '../../../testing/index.ts';

const account = 'calendar@my-project.iam.gserviceaccount.com';
const scopes = ['https://www.googleapis.com/auth/calendar.readonly', 'https://www.googleapis.com/auth/calendar.events'];
const keyPair = newKeyPair();
const started: GoogleStandIn[] = [];
afterAll(() => Promise.all(started.map((google) => google.close())));

/** One key in every Google, so that one secret can hold it. */
const KEY_ID = '0'.repeat(40);

describeStrategy('Google access token', {
  entry: fileURLToPath(new URL('google-of-each-secret.ts', import.meta.url)),
  environment: {
    GOOGLE_SERVICE_ACCOUNT: account,
    GOOGLE_SCOPES: scopes.join(' '),
    CREDENTIALS_SECRET_ARN: 'google-key',
  },
  secrets: {
    'google-key': JSON.stringify({
      client_email: account,
      private_key: keyPair.privateKey.export({ type: 'pkcs8', format: 'pem' }),
      private_key_id: KEY_ID,
    }),
  },
  publicFields: ['url', 'issued_at', 'expires_at', 'scope', 'client_email', 'private_key_id'],
  promise: 'overlap',
  canRefuse: true,
  pairs: 6,
  async target(statement) {
    const google = await GoogleStandIn.start({ around: (name, run) => statement(name, run) });
    started.push(google);
    google.createAccount(account, { keyPair });
    const isActive = (token: string) => google.token(token)?.scopes.join(' ') === scopes.join(' ');
    const first = google.issue({ principal: account, scopes }, 3_600);
    return {
      secretString: JSON.stringify({ url: google.url, GOOGLE_ACCESS_TOKEN: first }),
      accepts: async (secretString) => isActive(JSON.parse(secretString).GOOGLE_ACCESS_TOKEN),
      revoke: (secretString) => void google.tokens.delete(JSON.parse(secretString).GOOGLE_ACCESS_TOKEN),
      state: () => google.tokens.size,
      refuseNext: () => {
        google.dropsNextScope = true;
      },
    };
  },
});
