import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { localAws } from 'rotaform/local';
import { secretsCache } from 'rotaform-client';
import { expect, it, onTestFinished } from 'vitest';
import { declareCalendar } from '../../examples/google-calendar/declare-calendar.ts';
import { GoogleStandIn } from '../../examples/google-calendar/stand-in/google-stand-in.ts';
import { googleToken, upcomingEvents } from '../../examples/google-calendar/upcoming-events.ts';
import { deployStack } from '../constructs/deploy-stack.ts';

it('examples/google-calendar lists the events of a calendar, before and after the token is renewed', async () => {
  let pages = 0;
  let betweenPages = () => {};
  const google = await GoogleStandIn.start({
    around: (name, run) => {
      if (name === 'events' && ++pages === 2) betweenPages();
      return run();
    },
  });
  onTestFinished(() => google.close());
  const serviceAccount = 'team-calendar@my-project.iam.gserviceaccount.com';
  const google_key = JSON.stringify(google.createAccount(serviceAccount));
  const aws = await localAws();
  onTestFinished(() => aws.close());
  const declare = { serviceAccount, endpointUrl: google.url };
  await deployStack(aws.account, (stack) => declareCalendar(stack, declare), { google_key });
  expect(await aws.rotationSettled('my-app/google')).toBe('succeeded');

  const client = new SecretsManagerClient({
    endpoint: aws.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  onTestFinished(() => client.destroy());
  const secrets = secretsCache({ client });
  onTestFinished(() => secrets.close());
  const token = googleToken(secrets, 'my-app/google');
  const list = () => upcomingEvents(token, { calendarId: 'team@example.com', url: google.url });
  const titles = async () => (await list()).map(({ summary }) => summary);

  expect(await titles()).toEqual(['Review of the access policy', 'Rotation drill']);
  const first = await token.get();
  const forget = () => google.tokens.delete(first.GOOGLE_ACCESS_TOKEN);
  await aws.account.clock.advance({ minutes: 30 });
  expect(await aws.rotationSettled('my-app/google')).toBe('succeeded');
  // Google forgets the first token, which the application still holds, when it has given the first of two pages.
  [pages, betweenPages] = [0, forget];
  expect(await titles()).toEqual(['Review of the access policy', 'Rotation drill']);
  expect(pages).toBe(4);
  expect((await token.get()).GOOGLE_ACCESS_TOKEN).not.toBe(first.GOOGLE_ACCESS_TOKEN);
});
