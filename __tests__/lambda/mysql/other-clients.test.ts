import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { describeOnMariadb } from '../../mariadb-server.ts';
import { DUAL, rotatedUser } from './rotated-user.ts';

const TOOLS = 'node_modules/.cache/rotaform/mysql-clients';

interface Login {
  readonly username: string;
  readonly password: string;
  readonly port: number;
  /** Of the server's root. */
  readonly ca: string;
  /** A folder of the test's own. */
  readonly folder: string;
}

/** A program that logs in by one driver, and prints 42. */
interface Client {
  /** What it takes, to be found here. */
  readonly takes: string;
  command(login: Login): readonly [program: string, ...args: string[]];
}

/** Each logs in over TLS. None follows a second switch of methods. */
const CLIENTS: Readonly<Record<string, Client>> = {
  PyMySQL: {
    takes: `${TOOLS}/bin/python`,
    command: ({ username, password, port, ca }) => [
      `${TOOLS}/bin/python`,
      '-c',
      `import sys, pymysql
connection = pymysql.connect(host='localhost', port=int(sys.argv[1]), user=sys.argv[2], password=sys.argv[3], ssl_ca=sys.argv[4])
cursor = connection.cursor()
cursor.execute('SELECT 6 * 7')
print(cursor.fetchone()[0])`,
      ...[String(port), username, password, ca],
    ],
  },
  'mysql-connector-python': {
    takes: `${TOOLS}/bin/python`,
    command: ({ username, password, port, ca }) => [
      `${TOOLS}/bin/python`,
      '-c',
      `import sys, mysql.connector
connection = mysql.connector.connect(host='localhost', port=int(sys.argv[1]), user=sys.argv[2], password=sys.argv[3], ssl_ca=sys.argv[4], ssl_verify_identity=True, use_pure=True)
cursor = connection.cursor()
cursor.execute('SELECT 6 * 7')
print(cursor.fetchone()[0])`,
      ...[String(port), username, password, ca],
    ],
  },
  // dbmate is a program in Go, by go-sql-driver/mysql. It has no word for a root of one's own.
  "Go's driver, of dbmate": {
    takes: `${TOOLS}/node_modules/@dbmate/linux-x64/bin/dbmate`,
    command: ({ username, password, port, folder }) => {
      const migrations = path.join(folder, 'migrations');
      mkdirSync(migrations, { recursive: true });
      writeFileSync(path.join(migrations, '42_none.sql'), '-- migrate:up\n');
      const url = `mysql://${username}:${encodeURIComponent(password)}@localhost:${port}/shop?tls=skip-verify`;
      return [
        path.resolve(TOOLS, 'node_modules/@dbmate/linux-x64/bin/dbmate'),
        '--url',
        url,
        '--migrations-dir',
        migrations,
        'status',
      ];
    },
  },
  "Java's driver, MariaDB Connector/J": {
    takes: '/usr/share/java/mariadb-java-client.jar',
    command: ({ username, password, port, ca, folder }) => {
      const program = path.join(folder, 'LogIn.java');
      writeFileSync(
        program,
        `import java.sql.*;
public class LogIn {
  public static void main(String[] to) throws Exception {
    try (Connection connection = DriverManager.getConnection(to[0], to[1], to[2])) {
      ResultSet rows = connection.createStatement().executeQuery("SELECT 6 * 7");
      rows.next();
      System.out.println(rows.getInt(1));
    }
  }
}`,
      );
      const url = `jdbc:mariadb://localhost:${port}/?useSsl=true&serverSslCert=${ca}`;
      return ['java', '-cp', '/usr/share/java/mariadb-java-client.jar', program, url, username, password];
    },
  },
};

describeOnMariadb('Other clients of a MariaDB user with two passwords', {}, (server) => {
  for (const [name, { takes, command }] of Object.entries(CLIENTS)) {
    if (!existsSync(takes)) {
      it.skip(`${name} (skipped: .ci/install-tools did not find it)`, () => {});
      continue;
    }
    it(`${name} logs in with either, and with no third one`, async ({ onTestFinished }) => {
      const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-clients-'));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      const ca = path.join(folder, 'root.pem');
      writeFileSync(ca, server.ca);
      const answer = async (login: { readonly username: string; readonly password: string }) => {
        const [program, ...args] = command({ ...login, port: server.port, ca, folder });
        return promisify(execFile)(program, args).then(
          ({ stdout }) => /\b42\b|42_none/.exec(stdout)?.[0].slice(0, 2) ?? stdout,
          ({ stderr }) => /Access denied/.exec(String(stderr))?.[0] ?? String(stderr),
        );
      };
      // Behind a method of its own, which clients do not notice.
      const identified = "VIA unix_socket OR mysql_native_password USING '$hash'";
      const user = await rotatedUser(server, { environment: DUAL, identified });
      await server.query(['CREATE DATABASE IF NOT EXISTS shop', `GRANT ALL ON shop.* TO ${user.account}`]);
      const [second, third] = [await user.rotated(), await user.rotated()];
      const answers = [await answer(user.first), await answer(second), await answer(third)];
      expect(answers).toEqual(['Access denied', '42', '42']);
    });
  }
});
