import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { functionEnvironment } from '../../../local/lambda/function-environment.ts';
import { FunctionProcess } from '../../../local/lambda/function-process.ts';
import type { InvocationResult } from '../../../local/lambda/lambda-function.ts';

export const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:123456789012:function:turn';

export interface HandlerOptions {
  /** @default index.handler */
  readonly handler?: string;
  /** @default 5 */
  readonly timeoutSeconds?: number;
  /** What runs the handler, as arguments of `node`. @default our own runtime client */
  readonly runtime?: readonly string[];
}

export interface HandlerProcess {
  readonly process: FunctionProcess;
  readonly lines: string[];
  invoke(payload: unknown, requestId?: string): Promise<InvocationResult>;
}

/** A function's process with the given files. When the test ends, it is stopped and its folder is removed. */
export function handlerProcess(files: Record<string, string>, options: HandlerOptions = {}): HandlerProcess {
  const folder = mkdtempSync(join(tmpdir(), 'rotaform-handler-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const lines: string[] = [];
  const configuration = {
    FunctionName: 'turn',
    FunctionArn: FUNCTION_ARN,
    Role: 'arn:aws:iam::123456789012:role/turn',
    Handler: options.handler ?? 'index.handler',
    Runtime: 'nodejs24.x',
    Timeout: options.timeoutSeconds ?? 5,
    MemorySize: 128,
    Environment: { Variables: { COLOUR: 'green' } },
    LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/turn' },
    TracingConfig: { Mode: 'PassThrough' },
    CodeSha256: '',
    CodeSize: 0,
  } as const;
  const account = { region: 'us-east-1', endpoint: 'http://127.0.0.1:1' };
  const started = new FunctionProcess({
    functionArn: FUNCTION_ARN,
    timeoutSeconds: configuration.Timeout,
    codeFolder: folder,
    environment: functionEnvironment(configuration, 'local-function-1', account),
    onLine: (line) => lines.push(line),
    ...(options.runtime && { runtime: options.runtime }),
  });
  onTestFinished(async () => {
    await started.stop();
    rmSync(folder, { recursive: true });
  });
  return {
    process: started,
    lines,
    invoke: (payload, requestId = randomUUID()) => started.invoke({ requestId, payload }),
  };
}
