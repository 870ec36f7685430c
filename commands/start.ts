/**
 * `npm start`: deploys `main.ts` to an AWS on this machine, rotates its secrets, and shows what happened.
 * `npm start -- postgres [URL]`: the same with `examples/postgres/main.ts` on a real PostgreSQL, and an application that keeps
 * logging in. Without the URL of an administrator it starts a throw-away server.
 * `npm start -- auth0`: the same with `examples/service-token/main.ts` on a stand-in for Auth0, or on the tenant in the
 * environment, while one service calls another.
 * `npm start -- google [KEY_FILE CALENDAR]`: the same with `examples/google-calendar/main.ts` on a stand-in for Google, or, with
 * the JSON key file of a service account, on Google itself, and an application that lists a calendar's events.
 * `npm start -- nestjs`: the same with `examples/nestjs`, a NestJS service with a real PostgreSQL, which users keep calling.
 */
import { type Target, targets } from '../rules/targets.ts';
import { showMain } from './start/show-main.ts';

const shows: readonly string[] = [...Object.values<Target>(targets).flatMap(({ show = [] }) => show), 'nestjs'];

// The AWS SDK's warning about Node.js 20 is meant for applications that live longer than a show.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const [name, ...given] = process.argv.slice(2);
if (name === undefined) {
  process.exitCode = await showMain();
} else if (shows.includes(name)) {
  // What a show needs is loaded for it alone.
  const { show } = await import(`./start/${name}/show-${name}.ts`);
  process.exitCode = await show(...given);
} else {
  const names = shows.map((each) => `npm start -- ${each}`);
  console.error(`There is no show "${name}". Expected npm start, or ${names.join(', or ')}.`);
  process.exitCode = 1;
}
