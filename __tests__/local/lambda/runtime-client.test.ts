import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { RuntimeApi } from '../../../local/lambda/runtime-api.ts';

it("ends a function's process as soon as nobody answers it", async () => {
  const api = new RuntimeApi();
  const client = fileURLToPath(new URL('../../../local/lambda/runtime-client.cjs', import.meta.url));
  const handlerFolder = fileURLToPath(new URL('.', import.meta.url));
  const environment = {
    _HANDLER: 'idle-handler.handler',
    LAMBDA_TASK_ROOT: handlerFolder,
    AWS_LAMBDA_RUNTIME_API: await api.listen(),
  };
  const child = spawn(process.execPath, [client], { cwd: tmpdir(), env: environment, stdio: 'inherit' });
  const ended = once(child, 'exit');
  await api.asked();
  expect(child.exitCode).toBeNull();
  api.close();
  expect(await ended).toEqual([1, null]);
});
