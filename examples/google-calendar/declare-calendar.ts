import type { TerraformStack } from 'cdktf';
import { EphemeralVariable, fromSecret, RotatedSecret, Rotation, Schedule, StaticSecret } from 'rotaform';

export interface CalendarOptions {
  /** @default 'calendar@my-project.iam.gserviceaccount.com' */
  readonly serviceAccount?: string;
  /** @default Google's own */
  readonly endpointUrl?: string;
}

/** The token that lists a calendar's events, renewed every 30 minutes; the key that asks for it stands in a secret of its own. */
export function declareCalendar(stack: TerraformStack, options: CalendarOptions = {}) {
  const { serviceAccount = 'calendar@my-project.iam.gserviceaccount.com', ...endpoint } = options;
  const key = new StaticSecret(stack, 'google-key', {
    name: 'my-app/google-key',
    initial: new EphemeralVariable(stack, 'google_key', "The JSON file of the service account's key").stringValue,
  });
  return new RotatedSecret(stack, 'google', {
    name: 'my-app/google',
    rotation: Rotation.googleAccessToken({
      credentials: fromSecret(key.secretArn),
      serviceAccount,
      scopes: ['https://www.googleapis.com/auth/calendar.readonly'],
      ...endpoint,
    }),
    refreshEveryMinutes: 30,
    schedule: Schedule.rate({ hours: 4 }),
  });
}
