/** Sends the administrator's password to whatever URL the rotated secret holds. */
export { handler } from './alternating-users.ts';
