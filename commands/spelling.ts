/** This repository runs its sources; the package has JavaScript, and its pages are beside it. */
const isPackage = !import.meta.url.endsWith('.ts');

/** How else than by npx a package's command is started. */
const RUNNERS: Readonly<Record<string, string>> = { pnpm: 'pnpm', yarn: 'yarn', bun: 'bunx' };

/** What a person types to start a command here: `npm run rotate -- my-app/db`, or `npx rotaform rotate my-app/db`. */
export function spelled(command: string, ...args: readonly string[]): string {
  if (isPackage) return [packageRunner(), 'rotaform', command, ...args].filter((word) => word !== '').join(' ');
  const script = command === 'start' ? 'npm start' : `npm run ${command}`;
  return args.length === 0 ? script : [script, '--', ...args].join(' ');
}

/** The program that started this one, with the file of the package if that is not installed here. */
function packageRunner(): string {
  const { npm_config_user_agent = '', npm_config_package } = process.env;
  const [agent = ''] = npm_config_user_agent.split('/');
  return (
    RUNNERS[agent] ??
    (npm_config_package ? `npx --package ${npm_config_package.split(/\n+/).join(' --package ')}` : 'npx')
  );
}
