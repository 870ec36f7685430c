import {
  type Environment,
  RotationError,
  type RotationStrategy,
  readEnvironment,
  rotationHandler,
  stringFields,
} from 'rotaform/lambda';
import { postJson } from './post-json.ts';

interface AccessToken {
  readonly url: string;
  readonly access_token: string;
}

/** What applications and the next rotation need of a token's life. */
const LEAST_SECONDS = 900;

/** A token is issued in createSecret, with the credentials of a client that is another secret, and expires by itself. */
function accessToken(environment: Environment): RotationStrategy<{ url: string }, AccessToken> {
  const { CLIENT_SECRET, ISSUER_ORIGIN } = readEnvironment(stringFields('CLIENT_SECRET', 'ISSUER_ORIGIN'), environment);
  return {
    publicFields: ['url'],
    current: stringFields('url'),
    pending: stringFields('url', 'access_token'),

    async create(current, { secret, signal }) {
      if (current === undefined) throw new RotationError('SECRET_VALUE', 'There is no url. Store one to begin with.');
      // The client's secret goes to its own issuer, whatever the document says.
      if (new URL(current.url).origin !== ISSUER_ORIGIN)
        throw new RotationError('CONFIGURATION', 'The url is foreign.');
      const client = await secret(CLIENT_SECRET, stringFields('client_id', 'client_secret'));
      const { status, answer } = await postJson(current.url, { grant_type: 'client_credentials', ...client }, signal);
      if (status !== 200) throw new RotationError('AUTHENTICATION', `The issuer answered with ${status}.`);
      return { access_token: String(answer.access_token) };
    },

    async test({ url, access_token }, { signal }) {
      const { status, answer } = await postJson(url, { token: access_token }, signal);
      if (status !== 200) throw new RotationError('SERVICE', `The issuer answered with ${status}.`);
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
