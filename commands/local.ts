/** `npm run local`: keeps the local AWS running until Ctrl-C. */
import { parseArgs } from 'node:util';
import colors from 'picocolors';
import { watchCloudTrail } from '../local/cloudtrail/watch-cloud-trail.ts';
import { deploy } from '../local/deploy/deploy.ts';
import { FAULT_KINDS } from '../local/faults/fault.ts';
import { parseFault } from '../local/faults/parse-fault.ts';
import { type LocalAws, localAws } from '../local/local-aws.ts';
import { isRegion } from '../local/partition.ts';
import { defaultRegion } from './default-region.ts';
import { synthesize } from './synthesize.ts';
import { terraformVariables } from './terraform-variables.ts';

const USAGE = `npm run local [-- --port N] [--region REGION] [--host-name NAME]... [--deploy] [--json] [--events] [--fault FAULT]...

  --port N       listens on 127.0.0.1:N. 0 takes any free port (default 4566)
  --region REGION
                 the default region (default: the one of main.ts with --deploy, or else us-east-1)
  --host-name NAME
                 lets programs call it by this name, too, such as host.docker.internal
  --deploy       deploys main.ts before it is ready
  --json         prints one line of JSON once it is ready, instead of text
  --events       prints what CloudTrail would record about its secrets: one line of JSON for each record
  --fault FAULT  makes a call by a function fail: ACTION:KIND, such as PutSecretValue:fail-after
                 or GetSecretValue:delay=2000. ACTION * is any action, and KIND is one of
                 ${FAULT_KINDS.join(', ')}.
                 :nth=N starts with the Nth such call, :times=N hits N calls, :attempts=N hits N of the AWS SDK's
                 attempts at a call and lets the next attempt pass, :callers=everyone also hits clients
`;

try {
  await serve();
} catch (error) {
  console.error(`${colors.red('The local AWS did not start.')} ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

async function serve(): Promise<void> {
  const { port, ...options } = readOptions();
  if (options.help) return void process.stdout.write(USAGE);
  const faults = options.fault.map(parseFault);
  const stacks = options.deploy ? await synthesize() : [];
  const region = options.region ?? defaultRegion(stacks);
  const aws = await localAws({ port, hostNames: options['host-name'], ...(region !== undefined && { region }) });
  const beforeReady: string[] = [];
  let print = (line: string): void => void beforeReady.push(line);
  if (options.events) watchCloudTrail(aws.account, (record) => print(JSON.stringify(record)));
  for (const fault of faults) aws.faults.add(fault);
  try {
    for (const { json, folder } of stacks) {
      await deploy(json, aws.account, { folder, variables: terraformVariables(json) });
    }
  } catch (error) {
    await aws.close();
    throw error;
  }
  console.log(options.json ? JSON.stringify({ endpoint: aws.endpoint, environment: aws.environment }) : readiness(aws));
  print = console.log;
  for (const line of beforeReady) print(line);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void aws.close());
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4566' },
      region: { type: 'string' },
      'host-name': { type: 'string', multiple: true, default: [] },
      deploy: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      events: { type: 'boolean', default: false },
      fault: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535) {
    throw new Error(`--port is "${values.port}". Expected a number from 0 to 65535.`);
  }
  if (values.region !== undefined && !isRegion(values.region)) {
    throw new Error(`--region is "${values.region}". Expected a region such as eu-central-1.`);
  }
  return { ...values, port };
}

function readiness({ endpoint, environment }: LocalAws): string {
  const variables = Object.entries(environment).map(([name, value]) => `export ${name}=${value}`);
  return `The local AWS is ready on ${endpoint}. Ctrl-C stops it, and nothing is kept.\n\n${variables.join('\n')}\n`;
}
