import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

interface Variable {
  readonly description?: string;
  readonly default?: unknown;
  readonly ephemeral?: boolean;
  readonly sensitive?: boolean;
}

interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
}

/**
 * The values of all stacks' variables that nothing gives, before the first resource is made: from whoever sits at the terminal. An
 * ephemeral variable is empty only where a secret has its value already, which no secret of a new account has.
 * @param given what is given besides the environment, by name
 * @throws Error that names all that are missing, if nobody sits there
 */
export async function askVariables(
  stacks: readonly unknown[],
  given: Readonly<Record<string, string>> = {},
  terminal: Terminal = { input: process.stdin, output: process.stdout },
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Record<string, string>> {
  const missing = new Map<string, Variable>();
  for (const [name, variable] of stacks.flatMap((stack) => Object.entries(declared(stack)).filter(isNeeded))) {
    if ((given[name] ?? environment[`TF_VAR_${name}`]) !== undefined) continue;
    missing.set(name, { ...variable, ...missing.get(name) });
  }
  return missing.size === 0 ? {} : ask(missing, terminal);
}

function declared(stack: unknown): Record<string, Variable> {
  return (stack as { variable?: Record<string, Variable> }).variable ?? {};
}

const isNeeded = ([, variable]: [string, Variable]) =>
  !('default' in variable) || (variable.ephemeral === true && variable.default === '');

const isSecret = ({ sensitive, ephemeral }: Variable) => sensitive === true || ephemeral === true;

async function ask(
  missing: ReadonlyMap<string, Variable>,
  { input, output }: Terminal,
): Promise<Record<string, string>> {
  if (input.isTTY !== true) {
    const each = [...missing].map(
      ([name, { description }]) => `  TF_VAR_${name}${description ? `  ${description}` : ''}`,
    );
    throw new Error(`These variables have no value. Set them in the environment:\n${each.join('\n')}`);
  }
  let isHidden = false;
  const shown = new Writable({
    write(chunk, _encoding, written) {
      if (!isHidden) output.write(chunk);
      written();
    },
  });
  const lines = createInterface({ input, output: shown, terminal: true });
  // Keeps what is typed ahead, as a paste of several lines.
  const answers = lines[Symbol.asyncIterator]();
  const values: Record<string, string> = {};
  try {
    // What is secret first: a paste of several lines is shown as it arrives.
    const secretFirst = [...missing].sort(([, one], [, other]) => Number(isSecret(other)) - Number(isSecret(one)));
    for (const [name, variable] of secretFirst) {
      const { description } = variable;
      output.write(`${name}${description ? ` (${description})` : ''}: `);
      isHidden = isSecret(variable);
      while (!values[name]) {
        const { value, done } = await answers.next();
        if (done) throw new Error(`The variable ${name} was given no value.`);
        values[name] = value;
      }
      if (isHidden) output.write('\n');
      isHidden = false;
    }
  } finally {
    lines.close();
  }
  return values;
}
