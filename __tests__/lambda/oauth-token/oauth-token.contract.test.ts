import { describeStrategy } from '../../../testing/index.ts';
import { oauthToken } from './token-under-test.ts';

describeStrategy('OAuth token', oauthToken({}, {}, 6));
