import { expect, it } from 'vitest';
import { SINGLE, SINGLE_BY_ADMIN } from '../lambda/postgres/rotated-user.ts';
import { describeOnRds } from '../postgres-versions.ts';
import { retried, scene } from './scene.ts';

describeOnRds('An event trigger of the server', [13, 15, 18], (server, version) => {
  /** A trigger of a superuser until the function that is returned is called; on what anybody does in the database. */
  async function trigger(name: string, event: string, body: string): Promise<() => Promise<unknown>> {
    await server.superuser.query(`CREATE FUNCTION public.${name}() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN ${body} END $$;
      CREATE EVENT TRIGGER ${name} ON ${event} EXECUTE FUNCTION public.${name}()`);
    return () => server.superuser.query(`DROP EVENT TRIGGER ${name}; DROP FUNCTION public.${name}()`);
  }

  it('that raises ends the rotation: nothing is changed, and the error names its function', async () => {
    const { user, run, bySuperuser } = await scene(server);
    await bySuperuser('CREATE TABLE $t (); ALTER TABLE $t OWNER TO $u');
    const drop = await trigger('no_ddl', 'ddl_command_end', `RAISE EXCEPTION 'no changes today';`);
    try {
      expect(await user.failure()).toEqual({
        code: 'CONFIGURATION',
        message: expect.stringMatching(/no changes today.*no_ddl\(\).*event trigger/),
      });
      expect(await run(`SELECT rolname FROM pg_roles WHERE rolname LIKE '$u%'`)).toHaveLength(1);
      expect(await server.accepts(user.first)).toBe(true);
    } finally {
      await drop();
    }
    await retried(user);
    expect(await server.accepts(await user.login())).toBe(true);
  });

  it('that logs into a table lets the rotation pass', async () => {
    const { user, bySuperuser } = await scene(server);
    await bySuperuser(`CREATE TABLE $t (); ALTER TABLE $t OWNER TO $u; CREATE TABLE public.$log (tag text, who text);
      GRANT INSERT ON public.$log TO PUBLIC`);
    const name = `log_${user.first.username}`;
    const drop = await trigger(
      'log_ddl',
      'ddl_command_end',
      `INSERT INTO public.${name} VALUES (tg_tag, current_user);`,
    );
    try {
      await user.rotated();
      await user.rotated();
    } finally {
      await drop();
    }
    expect((await server.superuser.query(`SELECT * FROM ${name}`)).length).toBeGreaterThan(0);
  });

  it('that needs a search_path to find its table is not reported as a concurrent drop', async () => {
    const { user, bySuperuser } = await scene(server);
    await bySuperuser('CREATE TABLE $t (); ALTER TABLE $t OWNER TO $u; CREATE TABLE public.$log (tag text)');
    const drop = await trigger(
      'log_here',
      'ddl_command_end',
      `INSERT INTO log_${user.first.username} VALUES (tg_tag);`,
    );
    try {
      expect(await user.failure()).toEqual({
        code: 'CONFIGURATION',
        message: expect.stringMatching(/relation "log_app_\w+" does not exist.*log_here\(\).*event trigger/),
      });
    } finally {
      await drop();
    }
    await retried(user);
  });

  // PostgreSQL fires a trigger on logins from version 17 on.
  if (version >= 17) {
    it('on logins that raises is told apart from a refused login', async () => {
      for (const environment of [SINGLE, SINGLE_BY_ADMIN, undefined]) {
        const { user } = await scene(server, [], environment && { environment });
        const drop = await trigger(
          'no_login',
          'login',
          `IF session_user <> 'postgres' THEN RAISE EXCEPTION 'not at night'; END IF;`,
        );
        try {
          expect(await user.failure()).toEqual({
            code: 'CONFIGURATION',
            message: expect.stringMatching(/not at night.*no_login\(\).*event trigger/),
          });
        } finally {
          await drop();
        }
        expect(await server.accepts(user.first)).toBe(true);
        await retried(user);
      }
    });
  }
});
