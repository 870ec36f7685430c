import { type Environment, RotationError, type RotationStrategy, rotationHandler, stringFields } from 'rotaform/lambda';
import { postJson } from './post-json.ts';

interface AccessToken {
  readonly url: string;
  readonly access_token: string;
}

/** What applications and the next rotation need of a token's life. */
const LEAST_SECONDS = 900;

/** A token is issued in createSecret, with the credentials of a client that is another secret, and expires by itself. */
function accessToken({ CLIENT_SECRET = '' }: Environment): RotationStrategy<{ url: string }, AccessToken> {
  return {
    publicFields: ['url'],
    current: stringFields('url'),
    pending: stringFields('url', 'access_token'),

    async create(current, { secret, signal }) {
      if (current === undefined) throw new RotationError('SECRET_VALUE', 'There is no url. Store one to begin with.');
      const client = await secret(CLIENT_SECRET, stringFields('client_id', 'client_secret'));
      const { status, answer } = await postJson(current.url, { grant_type: 'client_credentials', ...client }, signal);
      if (status !== 200) throw new RotationError('AUTHENTICATION', `The issuer answered with ${status}.`);
      return { access_token: String(answer.access_token) };
    },

    async test({ url, access_token }, { signal }) {
      const { answer } = await postJson(url, { token: access_token }, signal);
      if (answer.active !== true) throw new RotationError('AUTHENTICATION', 'The new token is not active.');
      if (Number(answer.expires_in) >= LEAST_SECONDS) return;
      throw new RotationError(
        'CONFIGURATION',
        `The new token lives ${answer.expires_in} s; expected ${LEAST_SECONDS}.`,
      );
    },
  };
}

export const handler = rotationHandler(accessToken);
