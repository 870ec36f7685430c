import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { describeOnMariadb } from '../../mariadb-server.ts';
import { DUAL, rotatedUser } from './rotated-user.ts';

const PYTHON = 'node_modules/.cache/rotaform/mysql-clients/bin/python';
const TITLE = 'Other clients of a MariaDB user with two passwords';

/** Each logs in over TLS with what it gets as JSON, and prints what the server answers. Neither follows a second switch of methods. */
const CLIENTS: Readonly<Record<string, string>> = {
  PyMySQL: `import json, sys, pymysql
login = json.loads(sys.argv[1])
connection = pymysql.connect(host='localhost', port=login['port'], user=login['username'], password=login['password'], ssl_ca=login['ca'])
cursor = connection.cursor()
cursor.execute('SELECT 6 * 7')
print(cursor.fetchone()[0])`,
  'mysql-connector-python': `import json, sys, mysql.connector
login = json.loads(sys.argv[1])
connection = mysql.connector.connect(host='localhost', port=login['port'], user=login['username'], password=login['password'], ssl_ca=login['ca'], ssl_verify_identity=True, use_pure=True)
cursor = connection.cursor()
cursor.execute('SELECT 6 * 7')
print(cursor.fetchone()[0])`,
};

if (!existsSync(PYTHON)) {
  it.skip(`${TITLE} (skipped: no PyMySQL; .ci/run installs it where pip has it)`, () => {});
} else {
  describeOnMariadb(TITLE, {}, (server) => {
    it.each(Object.entries(CLIENTS))('%s logs in with either, and with no third one', async (_, program) => {
      const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-clients-'));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      const ca = path.join(folder, 'root.pem');
      writeFileSync(ca, server.ca);
      const answer = async (login: object) => {
        const text = JSON.stringify({ ...login, port: server.port, ca });
        return promisify(execFile)(PYTHON, ['-c', program, text]).then(
          ({ stdout }) => stdout.trim(),
          ({ stderr }) => String(stderr).match(/Access denied/)?.[0] ?? String(stderr),
        );
      };
      // Behind a method of its own, which clients do not notice.
      const identified = "VIA unix_socket OR mysql_native_password USING '$hash'";
      const user = await rotatedUser(server, { environment: DUAL, identified });
      const [second, third] = [await user.rotated(), await user.rotated()];
      const answers = [await answer(user.first), await answer(second), await answer(third)];
      expect(answers).toEqual(['Access denied', '42', '42']);
    });
  });
}
