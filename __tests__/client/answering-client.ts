import { onTestFinished, vi } from 'vitest';

/** A client without a server, which answers with these one after the other; an Error is thrown. The last answers for ever. */
export function answering(...answers: readonly (object | Error)[]) {
  const asked: string[] = [];
  return {
    asked,
    client: {
      async getSecretValue({ VersionStage }: { readonly VersionStage: string }) {
        const answer = answers[Math.min(asked.length, answers.length - 1)] ?? {};
        asked.push(VersionStage);
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
  };
}

/** An answer of Secrets Manager. */
export const version = (VersionId: string, value: unknown) => ({ VersionId, SecretString: JSON.stringify(value) });

/** An error as the AWS SDK throws it. */
export const sdkError = (name: string) =>
  Object.assign(new Error('The security token has expired'), { name, $metadata: { httpStatusCode: 400 } });

/** The warnings of the process while the test runs; none is printed. */
export function warnings(): string[] {
  const heard: string[] = [];
  const spy = vi.spyOn(process, 'emitWarning').mockImplementation((warning) => void heard.push(String(warning)));
  onTestFinished(() => spy.mockRestore());
  return heard;
}
