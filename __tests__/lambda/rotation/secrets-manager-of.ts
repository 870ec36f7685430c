import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** A Secrets Manager in which every secret has that value, given its name, and a version that is pending and empty. */
export async function secretsManagerOf(valueFor: (secretId: string) => unknown, versionId: string) {
  const server = createServer(async (request, response) => {
    const action = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const { SecretId, VersionId } = (await json(request)) as { SecretId: string; VersionId?: string };
    const answers: Readonly<Record<string, object>> = {
      DescribeSecret: { RotationEnabled: true, VersionIdsToStages: { [versionId]: ['AWSPENDING'] } },
      GetSecretValue: { SecretString: JSON.stringify({ user: 'app', value: valueFor(SecretId) }) },
    };
    const isEmpty = action === 'GetSecretValue' && VersionId === versionId;
    response.writeHead(isEmpty ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(isEmpty ? { __type: 'ResourceNotFoundException' } : (answers[action] ?? {})));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
