import colors from 'picocolors';
import { type CalendarEvent, googleToken, upcomingEvents } from '../../../examples/google-calendar/upcoming-events.ts';
import { exampleTasks, rotated } from '../example-tasks.ts';
import { type Frame, runShow } from '../run-show.ts';
import { withSecretsCache } from '../with-secrets-cache.ts';
import { type GoogleOfTheShow, googleOfTheShow } from './google-of-the-show.ts';

const SECRET = 'my-app/google';

interface Stage {
  google?: GoogleOfTheShow;
  events: readonly CalendarEvent[];
}

/**
 * Rotates the token of `examples/google-calendar/main.ts` and lists a calendar's events with it. Then half an hour passes, in
 * which EventBridge Scheduler renews the token, and the events are listed again.
 * @param keyFile the JSON key file of a service account that may read the calendar; without it, a stand-in for Google
 * @param calendarId the account's own unless given
 * @returns the exit code
 */
export function show(keyFile?: string, calendarId = 'primary'): Promise<number> {
  return runShow<Stage>({
    command: 'npm start -- google',
    stage: { events: [] },
    tasks: [
      {
        title: 'Find Google',
        task: async (stage, task) => {
          stage.google = await googleOfTheShow(keyFile);
          task.title = `Found ${stage.google.name}, ${stage.google.url ?? 'https://www.googleapis.com'}`;
        },
      },
      ...exampleTasks<Stage>({
        main: 'examples/google-calendar/main.ts',
        environment: ({ google: { serviceAccount = '', url = '' } = {} }) => ({
          GOOGLE_SERVICE_ACCOUNT: serviceAccount,
          GOOGLE_ENDPOINT_URL: url,
        }),
        variables: ({ google }) => ({ google_key: google?.key }),
      }),
      {
        title: 'List the events of the calendar',
        task: async (stage, task) => {
          stage.events = await listTwice(stage, calendarId, task);
        },
      },
    ],
    conclude: (stage) => ({ text: conclusion(stage), exitCode: 0 }),
    end: async ({ google }) => google?.end(),
  });
}

/** The application of the example: lists the events before and after the token was renewed. */
async function listTwice(
  { aws, google }: Frame & Stage,
  calendarId: string,
  task: { title: string },
): Promise<CalendarEvent[]> {
  return withSecretsCache(aws, async (secrets) => {
    const token = googleToken(secrets, SECRET);
    const list = () => upcomingEvents(token, { calendarId, ...(google?.url !== undefined && { url: google.url }) });
    await list();
    task.title += ', let half an hour pass in which EventBridge Scheduler renews the token, and list them again';
    await aws.account.clock.advance({ minutes: 30 });
    await rotated(aws, SECRET);
    return list();
  });
}

const next = (what: string) => colors.bold(what.padEnd(40));

function conclusion({ events }: Stage): string {
  const lines = events.map(({ summary, start }) => `    ${start.dateTime ?? start.date}  ${summary}`);
  return `  The calendar, read with the token that the secret has now
${lines.length > 0 ? lines.join('\n') : '    (no events to come)'}

  What next
    ${next('examples/google-calendar')}is what ran: the declaration, and the application
    ${next('docs/google.md')}how to do without a key, get twelve hours, or act for a user
    ${next('npm start -- google KEY.json CALENDAR')}asks Google itself, with the key of an account that may read the calendar
`;
}
