import { type RotationStrategy, rotationHandler, stringFields } from 'rotaform/lambda';
import { googleAccessToken } from '../../../lambda/google-access-token.ts';

type StoredToken = Readonly<Record<string, string>>;

/** The strategy as it is, asking the Google whose URL the secret has: each trial of the contract has one of its own. */
export const handler = rotationHandler((environment): RotationStrategy<StoredToken, StoredToken> => {
  const at = ({ url }: StoredToken = {}) => googleAccessToken({ ...environment, GOOGLE_ENDPOINT_URL: url });
  return {
    publicFields: ['url', 'issued_at', 'expires_at', 'scope'],
    current: stringFields('url'),
    pending: stringFields('url', 'GOOGLE_ACCESS_TOKEN', 'issued_at', 'expires_at', 'scope'),
    create: (current, context) => at(current).create(current, context),
    test: (pending, context) => at(pending).test(pending, context),
  };
});
