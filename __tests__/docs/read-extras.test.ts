import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { readingAccount } from '../client/reading-account.ts';
import { runCommand, tsx } from '../run-command.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('The programs of the pages about reading', () => {
  mkdirSync(path.join(root, 'dist'), { recursive: true });
  const folder = mkdtempSync(path.join(root, 'dist/read-pages-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** @param which of the programs of the page */
  async function run(page: string, which: number, variables: Readonly<Record<string, string>>, end = '') {
    const text = readFileSync(path.join(root, 'docs', page), 'utf8');
    const code = [...text.matchAll(/^```ts\n(.*?)^```/gms)][which]?.[1] ?? '';
    const file = path.join(folder, `${page}-${which}.mts`);
    writeFileSync(file, `${code}\n${end}`);
    const given = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
    return runCommand('env', [...given, process.execPath, ...tsx(path.relative(root, file))]);
  }

  describe('docs/read-without-aws.md', () => {
    const page = readFileSync(path.join(root, 'docs/read-without-aws.md'), 'utf8');
    const [, json = ''] = /^```json\n(.*?)^```/ms.exec(page) ?? [];
    const file = path.join(folder, 'secrets.json');
    writeFileSync(file, json);

    it('reads a file in development, and refuses it in production', async () => {
      const variables = { ROTAFORM_LOCAL_SECRETS_FILE: file };
      const inDevelopment = await run('read-without-aws.md', 0, { ...variables, NODE_ENV: 'development' });
      expect(inDevelopment).toMatchObject({ stdout: 'Hello, app\n', exitCode: 0 });
      const inProduction = await run('read-without-aws.md', 0, { ...variables, NODE_ENV: 'production' });
      expect(inProduction.stderr).toContain('but NODE_ENV is production; expected NODE_ENV to be development or test');
      expect(inProduction.exitCode).toBe(1);
    });

    it('allows an environment that the application names, with a warning', async () => {
      const variables = { ROTAFORM_LOCAL_SECRETS: json.replaceAll(/\n/g, ' '), NODE_ENV: 'e2e' };
      const read = "console.log(await cache.secret('my-app/api-key').get());";
      const { stdout, stderr } = await run('read-without-aws.md', 1, variables, read);
      expect(stdout).toBe('a plain text\n');
      expect(stderr).toContain('Secrets come from ROTAFORM_LOCAL_SECRETS, and not from AWS: NODE_ENV is e2e');
    });
  });

  describe('docs/read-observe.md', () => {
    it('observes, keeps fresh and redacts', async () => {
      const { aws, put } = await readingAccount();
      await put({ key: 'swordfish' }, { name: 'my-app/api' });
      await put('text', { name: 'my-app/certificate' });
      const ended = 'console.log(typeof stop); stop(); cache.close();';
      expect(await run('read-observe.md', 0, aws.environment, ended)).toMatchObject({
        stdout: 'function\n',
        exitCode: 0,
      });
      expect(await run('read-observe.md', 1, aws.environment, ended)).toMatchObject({
        stdout: 'function\n',
        exitCode: 0,
      });
      const { stdout } = await run('read-observe.md', 2, aws.environment);
      expect(stdout).toBe('the key is <redacted>\n9\n');
    });
  });
});
