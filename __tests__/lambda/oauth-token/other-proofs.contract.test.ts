import { describeStrategy } from '../../../testing/index.ts';
import { oauthToken } from './token-under-test.ts';

describeStrategy(
  'OAuth token, by introspection',
  oauthToken({ OAUTH_PROOF: 'introspection' }, { format: 'opaque' }, 1),
);
describeStrategy('OAuth token, by a probe', oauthToken({ OAUTH_PROOF: 'probe' }, { format: 'opaque' }, 1));
describeStrategy('OAuth token, by its claims', oauthToken({ OAUTH_PROOF: 'claims' }, {}, 1));
