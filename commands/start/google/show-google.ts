import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Listr } from 'listr2';
import colors from 'picocolors';
import { secretsCache } from '../../../client/index.ts';
import { type CalendarEvent, googleToken, upcomingEvents } from '../../../examples/google-calendar/upcoming-events.ts';
import { deploy } from '../../../local/deploy/deploy.ts';
import { type LocalAws, localAws } from '../../../local/local-aws.ts';
import { drawRotation } from '../../draw-rotation.ts';
import { type SynthesizedStack, synthesize } from '../../synthesize.ts';
import { recordRotations } from '../record-rotations.ts';
import { type GoogleOfTheShow, googleOfTheShow } from './google-of-the-show.ts';

const SECRET = 'my-app/google';

export interface ShowGoogleOptions {
  /** The JSON key file of a service account that may read the calendar. @default none: a stand-in of Google */
  readonly keyFile?: string | undefined;
  /** @default 'primary', the account's own */
  readonly calendarId?: string | undefined;
}

/** What the show goes through, one after the other. */
interface Stage {
  readonly aws: LocalAws;
  readonly options: ShowGoogleOptions;
  google?: GoogleOfTheShow;
  stacks: readonly SynthesizedStack[];
  events: readonly CalendarEvent[];
}

/**
 * Rotates the token of `examples/google-calendar/main.ts`, lists a calendar's events with it, lets half an hour pass in which
 * EventBridge Scheduler renews it, and lists them again.
 * @returns the exit code
 */
export async function showGoogle(options: ShowGoogleOptions): Promise<number> {
  const aws = await localAws({ rotation: { attempts: 1, retryDelaySeconds: 0 } });
  const stage: Stage = { aws, options, stacks: [], events: [] };
  const records = recordRotations(aws.account);
  try {
    await tasks().run(stage);
    for (const record of records.values()) console.log(drawRotation(record));
    console.log(told(stage));
    return 0;
  } catch {
    // The progress has shown the error where it happened; why a rotation failed stands in its picture.
    for (const { failure } of records.values()) if (failure) console.error(`\n  ${colors.red(failure.errorMessage)}`);
    console.error('\nMend what is said above, and run npm start -- google again.\n');
    return 1;
  } finally {
    await aws.close();
    await stage.google?.end();
  }
}

function tasks(): Listr<Stage> {
  return new Listr<Stage>(
    [
      {
        title: 'Find Google',
        task: async (stage, task) => {
          stage.google = await googleOfTheShow(stage.options.keyFile);
          task.title = `Found ${stage.google.name}, ${stage.google.url ?? 'https://www.googleapis.com'}`;
        },
      },
      {
        title: 'Build the functions, synthesize examples/google-calendar/main.ts',
        task: async (stage) => {
          const { serviceAccount = '', url = '' } = stage.google ?? {};
          const environment = { GOOGLE_SERVICE_ACCOUNT: serviceAccount, GOOGLE_ENDPOINT_URL: url };
          stage.stacks = await synthesize({ main: 'examples/google-calendar/main.ts', environment });
        },
      },
      {
        title: 'Deploy to an AWS on this machine, which rotates at once',
        task: async ({ aws, google, stacks }) => {
          for (const { json, folder } of stacks) {
            await deploy(json, aws.account, { folder, variables: { google_key: google?.key } });
          }
          await settled(aws);
        },
      },
      {
        title: 'List the events of the calendar',
        task: async (stage, task) => {
          await withApplication(stage, async (list) => {
            await list();
            task.title +=
              ', let half an hour pass in which EventBridge Scheduler has the token renewed, and list them again';
            await stage.aws.account.clock.advance({ minutes: 30 });
            await settled(stage.aws);
            stage.events = await list();
          });
        },
      },
    ],
    { fallbackRenderer: 'simple' },
  );
}

/** The application of the example, reading its secret from this AWS. */
async function withApplication(
  { aws, google, options: { calendarId = 'primary' } }: Stage,
  use: (list: () => Promise<CalendarEvent[]>) => Promise<void>,
): Promise<void> {
  const { endpoint, account, environment } = aws;
  const credentials = {
    accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '',
    secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? '',
  };
  const client = new SecretsManagerClient({ endpoint, region: account.region, credentials });
  const secrets = secretsCache({ client });
  const token = googleToken(secrets, SECRET);
  try {
    await use(() => upcomingEvents(token, { calendarId, ...(google?.url !== undefined && { url: google.url }) }));
  } finally {
    secrets.close();
    client.destroy();
  }
}

/** @throws Error where the rotation failed */
async function settled(aws: LocalAws): Promise<void> {
  const outcome = await aws.rotationSettled(SECRET);
  if (outcome !== 'succeeded') throw new Error(`The rotation of ${SECRET} has ${outcome}.`);
}

const next = (what: string) => colors.bold(what.padEnd(40));

function told({ events }: Stage): string {
  const lines = events.map(({ summary, start }) => `    ${start.dateTime ?? start.date}  ${summary}`);
  return `  The calendar, read with the token that the secret has now
${lines.length > 0 ? lines.join('\n') : '    (no events to come)'}

  What next
    ${next('examples/google-calendar')}is what ran: the declaration, and the application
    ${next('docs/google.md')}without a key, twelve hours, in the name of a user
    ${next('npm start -- google KEY.json CALENDAR')}asks Google itself, with the key of an account that may read the calendar
`;
}
