import type { Account } from '../../local/account.ts';

/** Why an action is refused, as soon as it is for the first time from now on. */
export function firstRefusal({ events }: Account, action: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    events.on('call', (call) => {
      if (call.action === action && call.errorCode !== undefined) resolve(call.errorMessage);
    });
  });
}
