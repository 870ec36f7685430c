import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import Table from 'cli-table3';
import colors from 'picocolors';
import { stringFields } from '../../lambda/rotation/string-fields.ts';
import { rotateSecret } from '../../local/secrets-manager/rotate-secret.ts';
import { rotated, rotatingSecrets } from './example-tasks.ts';
import { type Application, type Logins, logInAgain } from './log-in-again.ts';
import type { Frame } from './run-show.ts';
import { withSecretsCache } from './with-secrets-cache.ts';

const ROTATIONS = 3;
/** As in real life, the time between two rotations is longer than the cache keeps a value: four hours, and five minutes. */
const PAUSE_MS = 1_500;
const MAX_AGE_SECONDS = 0.5;

/** What an application went through, by the name of its secret. */
export type Counts = Map<string, Logins>;

/** Rotates each secret of the account while an application logs in with it. */
export function rotateUnderLoad(
  aws: Frame['aws'],
  { application, counts }: { readonly application: Application; readonly counts: Counts },
  task: { title: string },
): Promise<void> {
  return withSecretsCache(
    aws,
    async (secrets) => {
      for (const { arn, name } of rotatingSecrets(aws)) {
        const secret = secrets.secret(name, { schema: stringFields('username', 'password') });
        const { logins, stop } = logInAgain(secret, application);
        counts.set(name, logins);
        try {
          for (let rotation = 1; rotation <= ROTATIONS; rotation += 1) {
            task.title = `Rotate ${name}, ${rotation} of ${ROTATIONS}, while an application logs in`;
            await sleep(PAUSE_MS);
            rotateSecret({ SecretId: arn, ClientRequestToken: randomUUID() }, aws.account);
            await rotated(aws, arn);
          }
          await sleep(PAUSE_MS);
        } finally {
          await stop();
        }
      }
    },
    { maxAgeSeconds: MAX_AGE_SECONDS },
  );
}

/** The counts as a table, with the words below it, and 1 if a login failed. */
export function conclusion(counts: Counts, words: string): { readonly text: string; readonly exitCode: number } {
  const table = new Table({
    head: [`the application, in ${ROTATIONS} rotations`, 'logins', 'refused, then tried again', 'failed'],
    colAligns: ['left', 'right', 'right', 'right'],
    style: { head: colors.isColorSupported ? ['bold'] : [], border: colors.isColorSupported ? ['gray'] : [] },
  });
  for (const [name, { succeeded, refused, failed }] of counts) table.push([name, succeeded, refused, failed]);
  return {
    text: `${table.toString().replaceAll(/^/gm, '  ')}\n\n${words.replaceAll(/^/gm, '  ')}\n`,
    exitCode: [...counts.values()].some(({ failed }) => failed > 0) ? 1 : 0,
  };
}
