import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { driver, hasDrivers, load, noDrivers } from '../client/drivers.ts';
import { type Login, newLogin } from '../client/reading-account.ts';
import { kafkaStandIn } from './kafka-stand-in.ts';
import { mongodbStandIn } from './mongodb-stand-in.ts';
import { recipe, rotateUnder, surroundingAccount } from './recipe.ts';

interface SmtpServer {
  readonly server: { address(): AddressInfo };
  listen(port: number, host: string, listening: () => void): void;
  close(closed: () => void): void;
}
interface SmtpOptions {
  onAuth(auth: Login, session: unknown, done: (error: Error | null, answer?: { user: string }) => void): void;
  onData(stream: NodeJS.ReadableStream, session: unknown, done: () => void): void;
}

/** Something that accepts one login, and may come to accept another. */
function gate() {
  let accepted: Login = newLogin();
  return {
    first: accepted,
    accept: async (login: Login) => {
      accepted = login;
    },
    accepts: (username: string, password: string) => username === accepted.username && password === accepted.password,
  };
}

describe.skipIf(!hasDrivers)(`docs/read/calls.md${hasDrivers ? '' : noDrivers}`, () => {
  it.each(['fetch', 'undici'])('%s loses no call to a rotation', async (name) => {
    const account = await surroundingAccount();
    const secret = 'my-app/api-key';
    let accepted = 'first';
    const answers: number[] = [];
    const api = createServer(({ headers }, response) => {
      response.statusCode = headers.authorization === `Bearer ${accepted}` ? 200 : 401;
      answers.push(response.statusCode);
      response.end('orders');
    }).listen(0, '127.0.0.1');
    await once(api, 'listening');
    onTestFinished(() => {
      api.closeAllConnections();
      api.close();
    });
    process.env.API_URL = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
    onTestFinished(() => void delete process.env.API_URL);
    const firstId = await account.put({ api_key: accepted }, { name: secret });
    const { orders } = await recipe<{ orders(): Promise<string> }>('calls.md', `${name}.ts`);
    const calls = load(orders);
    await calls.after(10);
    const secondId = await account.put({ api_key: 'second' }, { name: secret, stages: ['AWSPENDING'] });
    accepted = 'second';
    await calls.after(10);
    await account.promote(secondId, firstId, secret);
    await calls.after(5);
    expect(await calls.stop()).toMatchObject({ errors: [] });
    expect(answers).toContain(401);
    expect(answers.filter((status) => status === 401).length).toBeLessThanOrEqual(3);
  });

  it('nodemailer sends each mail once through a rotation', async () => {
    const { SMTPServer } = await driver<{ SMTPServer: new (options: SmtpOptions) => SmtpServer }>('smtp-server');
    const account = await surroundingAccount();
    const { first, accept, accepts } = gate();
    const logins: boolean[] = [];
    let mails = 0;
    const smtp = new SMTPServer({
      onAuth({ username, password }, _, done) {
        const isAccepted = accepts(username, password);
        logins.push(isAccepted);
        if (isAccepted) done(null, { user: username });
        else done(new Error('Invalid login'));
      },
      onData(stream, _, done) {
        stream.resume().once('end', () => {
          mails += 1;
          done();
        });
      },
    });
    await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => new Promise<void>((resolve) => smtp.close(resolve)));
    const firstId = await account.put(first, { name: 'my-app/smtp' });
    const { send } = await recipe<{ send(mail: object): Promise<unknown> }>('calls.md', 'mail.ts', {
      edits: {
        "host: 'smtp.internal', port: 587": `host: '127.0.0.1', port: ${smtp.server.address().port}`,
        'requireTLS: true': 'requireTLS: true, tls: { rejectUnauthorized: false }',
      },
    });
    let sent = 0;
    const one = async () => {
      await send({ from: 'shop@example.com', to: 'customer@example.com', text: 'Your order is on its way.' });
      sent += 1;
    };
    const rotated = rotateUnder(load(one), account, { name: 'my-app/smtp', accept }, firstId);
    expect(await rotated).toMatchObject({ errors: [] });
    expect(mails).toBe(sent);
    expect(logins).toContain(false);
    expect(logins.filter((isAccepted) => !isAccepted).length).toBeLessThanOrEqual(3);
  });

  it('KafkaJS connects in a rotation, and later connections use the new version (a stand-in for the broker)', async () => {
    const account = await surroundingAccount();
    const { first, accept, accepts } = gate();
    const broker = await kafkaStandIn(accepts);
    onTestFinished(() => broker.close());
    await account.put(first, { name: 'my-app/kafka' });
    const { connect, producer } = await recipe<{
      connect(): Promise<void>;
      producer: { connect(): Promise<void>; disconnect(): Promise<void> };
    }>('calls.md', 'kafka.ts', {
      edits: {
        "'kafka.internal:9092'": `'127.0.0.1:${broker.port}'`,
        'ssl: true': 'ssl: false, logLevel: 0',
        scram: 'plain',
        '-sha-512': '',
      },
    });
    await connect();
    await producer.disconnect();
    const second = newLogin();
    await account.put(second, { name: 'my-app/kafka', stages: ['AWSPENDING'] });
    await accept(second);
    await connect();
    await producer.disconnect();
    await producer.connect();
    await producer.disconnect();
    expect(broker.logins).toEqual([true, false, true, true]);
  });

  it('Mongoose connects in a rotation (a stand-in for the server)', async () => {
    const account = await surroundingAccount();
    const { first, accept, accepts } = gate();
    const server = await mongodbStandIn(accepts);
    onTestFinished(() => server.close());
    await account.put(first, { name: 'my-app/db' });
    const plain = `mongodb://127.0.0.1:${server.port}/shop?authMechanism=PLAIN&authSource=$external`;
    const { connect } = await recipe<{ connect(): Promise<{ close(): Promise<void> }> }>('calls.md', 'mongoose.ts', {
      edits: { 'mongodb://mongo.internal/shop': plain },
    });
    await (await connect()).close();
    const second = newLogin();
    await account.put(second, { name: 'my-app/db', stages: ['AWSPENDING'] });
    await accept(second);
    await (await connect()).close();
    expect(server.logins.filter((isAccepted) => !isAccepted).length).toBe(1);
    expect(server.logins.at(-1)).toBe(true);
  });
});
