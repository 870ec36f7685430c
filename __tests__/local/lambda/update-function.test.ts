import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFunction } from '../../../local/lambda/create-function.ts';
import { invokeFunction } from '../../../local/lambda/invoke-function.ts';
import { updateFunctionCode } from '../../../local/lambda/update-function-code.ts';
import { updateFunctionConfiguration } from '../../../local/lambda/update-function-configuration.ts';
import { type LocalAws, localAws } from '../../../local/local-aws.ts';
import { functionRole } from '../secrets-manager/running-account.ts';

const zipped = (code: string) => zipSync({ 'index.js': strToU8(code) });

describe('a function that is updated', () => {
  let aws: LocalAws;
  const invoke = (payload: unknown = {}) => invokeFunction(aws.account, { functionArn: 'turn', payload });

  beforeEach(async () => {
    aws = await localAws();
    createFunction(
      {
        FunctionName: 'turn',
        Role: functionRole(aws.account, 'turner'),
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        ZipFile: zipped(`exports.handler = async (event) => {
          if (event.lasts) { console.log('begun'); await new Promise((end) => setTimeout(end, event.lasts)); }
          return 'old ' + process.env.COLOUR;
        };`),
      },
      aws.account,
    );
  });

  afterEach(() => aws.close());

  it('runs its new code for the next event, not the old code in a warm process', async () => {
    expect(await invoke()).toEqual({ payload: 'old undefined' });
    const { CodeSha256 } = aws.account.functions.find('turn')?.configuration ?? {};
    const updated = updateFunctionCode(
      { FunctionName: 'turn', ZipFile: zipped("exports.handler = async () => 'new';") },
      aws.account,
    );
    expect(updated.CodeSha256).not.toBe(CodeSha256);
    expect(await invoke()).toEqual({ payload: 'new' });
  });

  it('finishes the event in progress with the old code and settings', async () => {
    const begun = once(aws.account.events, 'functionLog');
    const handled = invoke({ lasts: 500 });
    await begun;
    updateFunctionConfiguration({ FunctionName: 'turn', Environment: { Variables: { COLOUR: 'green' } } }, aws.account);
    expect(await invoke()).toEqual({ payload: 'old green' });
    expect(await handled).toEqual({ payload: 'old undefined' });
  });

  it('stops with the account, even if it is still handling an older event', async () => {
    updateFunctionConfiguration({ FunctionName: 'turn', Timeout: 30 }, aws.account);
    const begun = once(aws.account.events, 'functionLog');
    const handled = invoke({ lasts: 60_000 }).catch(() => undefined);
    await begun;
    updateFunctionConfiguration({ FunctionName: 'turn', Timeout: 60 }, aws.account);
    const closed = aws.close().then(() => 'closed');
    expect(await Promise.race([closed, sleep(2_500, 'waits for the event')])).toBe('closed');
    await handled;
  });

  it('keeps the settings that an update leaves out', () => {
    updateFunctionConfiguration({ FunctionName: 'turn', Timeout: 30, Description: 'turns' }, aws.account);
    updateFunctionConfiguration({ FunctionName: 'turn', MemorySize: 512 }, aws.account);
    expect(aws.account.functions.find('turn')?.configuration).toMatchObject({
      Timeout: 30,
      Description: 'turns',
      MemorySize: 512,
      Handler: 'index.handler',
    });
  });

  it('stays as it was if the new settings cannot be used', () => {
    const update = () =>
      updateFunctionConfiguration({ FunctionName: 'turn', Timeout: 901, MemorySize: 512 }, aws.account);
    expect(update).toThrow('from 1 to 900');
    expect(aws.account.functions.find('turn')?.configuration).toMatchObject({ Timeout: 3, MemorySize: 128 });
  });
});
