import { VERSION } from '../../rules/version.ts';

/** Firewalls, such as the common rules of AWS WAF, refuse who does not say what it is. */
export const USER_AGENT = `rotaform/${VERSION}`;
