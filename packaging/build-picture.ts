/** `npm run picture`: runs `npm start`, and draws its terminal, in its colors and with its timing, to docs/images/npm-start.svg. */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TerminalLine, terminalSvg } from './terminal-svg.ts';

const [out = 'docs/images/npm-start.svg'] = process.argv.slice(2);
/** Where the picture ends: what follows is a list of what was deployed. */
const END = 'What was deployed';
const COMMAND = '$ npm start';
/** As asciinema's idle time limit: the picture waits no longer for a line. */
const LONGEST_PAUSE_SECONDS = 1.5;

const child = spawn('npm', ['start', '--silent'], {
  env: { ...process.env, FORCE_COLOR: '1' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const lines: TerminalLine[] = [{ text: COMMAND, atSeconds: 0 }];
let rest = '';
let [before, atSeconds] = [performance.now(), 0];
child.stdout.setEncoding('utf8').on('data', (text: string) => {
  const now = performance.now();
  atSeconds += Math.min((now - before) / 1_000, LONGEST_PAUSE_SECONDS);
  before = now;
  const [...whole] = `${rest}${text}`.split('\n');
  rest = whole.pop() ?? '';
  for (const line of whole) lines.push({ text: line.trimEnd(), atSeconds });
});
child.once('close', (exitCode) => {
  if (exitCode !== 0) throw new Error(`npm start ended with ${exitCode}.\n${lines.map(({ text }) => text).join('\n')}`);
  const shown = lines.slice(
    0,
    lines.findIndex(({ text }) => text.includes(END)),
  );
  while (shown.at(-1)?.text === '') shown.pop();
  mkdirSync(path.dirname(out), { recursive: true });
  writeFileSync(
    out,
    terminalSvg(shown, 'npm start: the steps of a rotation, and the labels before, during and after it'),
  );
  console.log(`${out}: ${shown.length} lines, ${(shown.at(-1)?.atSeconds ?? 0).toFixed(1)} s`);
});
