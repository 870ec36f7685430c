import { watchCloudTrail } from '../../local/cloudtrail/watch-cloud-trail.ts';
import { deploy } from '../../local/deploy/deploy.ts';
import type { Fault } from '../../local/faults/fault.ts';
import { parseFault } from '../../local/faults/parse-fault.ts';
import { type LocalAws, localAws } from '../../local/local-aws.ts';
import { isRegion } from '../../local/partition.ts';
import { messageOf } from '../../rules/message-of.ts';
import { defaultRegion } from '../default-region.ts';
import { leaveOut } from '../leave-out.ts';
import { hasLocalSetup, readLocalSetup } from '../local-setup.ts';
import { askVariables } from '../synth/ask-variables.ts';
import { type SynthesizedStack, synthesize } from '../synthesize.ts';
import { terraformVariables } from '../terraform-variables.ts';
import { UsageError } from '../usage-error.ts';

export interface ServeLocalOptions {
  readonly port: string;
  readonly region?: string;
  readonly hostName?: readonly string[];
  /** Where everything is kept. @default nowhere */
  readonly state?: string;
  readonly deploy?: boolean;
  readonly json?: boolean;
  readonly events?: boolean;
  readonly fault?: readonly string[];
}

/** Keeps the local AWS running until Ctrl-C. @returns the exit code */
export async function serveLocal(options: ServeLocalOptions): Promise<number> {
  const port = checkedPort(options.port);
  const faults = (options.fault ?? []).map(checkedFault);
  if (options.region !== undefined && !isRegion(options.region)) {
    throw new UsageError(`--region is "${options.region}". Expected a region such as eu-central-1.`);
  }
  try {
    await serve(port, faults, options);
    return 0;
  } catch (error) {
    throw new Error(`The local AWS did not start. ${messageOf(error)}`, { cause: error });
  }
}

function checkedPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`--port is "${text}". Expected a number from 0 to 65535.`);
}

function checkedFault(text: string): Fault {
  try {
    return parseFault(text);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

async function serve(port: number, faults: readonly Fault[], options: ServeLocalOptions): Promise<void> {
  const stacks = options.deploy ? await stacksAlone() : [];
  const region = options.region ?? defaultRegion(stacks);
  const aws = await localAws({
    port,
    hostNames: [...(options.hostName ?? [])],
    ...(region !== undefined && { region }),
    stateFile: options.state,
  });
  const beforeReady: string[] = [];
  let print = (line: string): void => void beforeReady.push(line);
  if (options.events) watchCloudTrail(aws.account, (record) => print(JSON.stringify(record)));
  if (!options.json) {
    aws.account.events.on('alarm', ({ name, state, description }) => {
      if (state === 'ALARM') print(`ALARM ${name}: ${description}`);
      else print(`${state} ${name}`);
    });
    aws.account.events.on('notification', ({ recipients, message }) => {
      if (!message.startsWith('{')) print(`To ${recipients.join(', ') || 'the topic'}: ${message}`);
    });
    aws.account.events.on('deployment', ({ cluster, service }) => {
      print(`ECS restarts the service ${service} of the cluster ${cluster}.`);
    });
    aws.account.events.on('message', ({ targetArn, message }) => print(`To ${targetArn}: ${message}`));
  }
  for (const fault of faults) aws.faults.add(fault);
  let end = async () => {};
  try {
    // A state that holds something holds what was deployed before.
    if (options.deploy && isEmpty(aws)) end = await deployMain(aws, stacks);
    await aws.save();
  } catch (error) {
    await aws.close();
    throw error;
  }
  console.log(
    options.json
      ? JSON.stringify({ endpoint: aws.endpoint, environment: aws.environment })
      : readiness(aws, options.state),
  );
  print = console.log;
  for (const line of beforeReady) print(line);
  const close = async () => {
    await aws.close();
    await end();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close());
}

/** The stacks as they are without what `rotaform.local.ts` sets up, which begins once the local AWS runs. */
function stacksAlone(): Promise<SynthesizedStack[]> {
  return hasLocalSetup() ? synthesize().catch(() => []) : synthesize();
}

/** @returns what ends the stand-ins of `rotaform.local.ts` */
async function deployMain(aws: LocalAws, alone: readonly SynthesizedStack[]): Promise<() => Promise<void>> {
  const { environment, variables, close } = await readLocalSetup(aws);
  try {
    const stacks = hasLocalSetup() ? await synthesize({ environment }) : alone;
    const asked = await askVariables(
      stacks.map(({ json }) => json),
      variables,
    );
    for (const { json: whole, folder } of stacks) {
      const { json, leftOut } = leaveOut(whole);
      if (leftOut.length > 0) console.error(`The local AWS leaves out what it does not have: ${leftOut.join(', ')}.`);
      await deploy(json, aws.account, { folder, variables: terraformVariables(json, { ...variables, ...asked }) });
    }
    return close;
  } catch (error) {
    await close();
    throw error;
  }
}

function isEmpty(aws: LocalAws): boolean {
  return aws.accounts().every(({ secrets, functions }) => secrets.all().length + functions.all().length === 0);
}

function readiness({ endpoint, environment }: LocalAws, state: string | undefined): string {
  const variables = Object.entries(environment).map(([name, value]) => `export ${name}=${value}`);
  const kept = state === undefined ? 'nothing is kept' : `${state} keeps everything`;
  return `The local AWS is ready on ${endpoint}. Ctrl-C stops it, and ${kept}.\n\n${variables.join('\n')}\n`;
}
