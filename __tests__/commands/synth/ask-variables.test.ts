import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { askVariables } from '../../../commands/synth/ask-variables.ts';

const stacks = [
  { variable: { host: { description: 'Where it is' }, port: { default: 5432 }, given: {}, empty: { default: '' } } },
  { variable: { host: {}, first: { ephemeral: true, sensitive: true, default: '', description: 'Of today' } } },
  {},
];

function terminal(...lines: string[]) {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = new PassThrough();
  for (const line of lines) input.write(`${line}\n`);
  return { input, output };
}

describe('The variables of all stacks', () => {
  it('are asked for once each, and no secret value is shown', async () => {
    const { input, output } = terminal('', 'hunter2-hunter2', 'db.example.com');
    const asked = await askVariables(stacks, {}, { input, output }, { TF_VAR_given: 'yes' });
    output.end();
    expect(asked).toEqual({ host: 'db.example.com', first: 'hunter2-hunter2' });
    const shown = await text(output);
    expect(shown.match(/host \(Where it is\): /g)).toHaveLength(1);
    expect(shown).toContain('first (Of today): ');
    expect(shown).not.toContain('hunter2');
  });

  it('are not asked for if the environment has them, or what sets the project up', async () => {
    const nobody = { input: new PassThrough(), output: new PassThrough() };
    const environment = { TF_VAR_host: 'a', TF_VAR_given: 'b' };
    expect(await askVariables(stacks, { first: 'c' }, nobody, environment)).toEqual({});
  });

  it('are all named if nobody can be asked', async () => {
    const nobody = { input: new PassThrough(), output: new PassThrough() };
    await expect(askVariables(stacks, {}, nobody, {})).rejects.toThrow(
      /^These variables have no value\. Set them in the environment:\n {2}TF_VAR_host.*\n {2}TF_VAR_given\n {2}TF_VAR_first {2}Of today$/,
    );
  });
});
