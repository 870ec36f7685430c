import { cpus, totalmem } from 'node:os';

/** One line that says what a figure was measured on. */
export function machine(): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 1024 ** 3);
  return `${process.platform}/${process.arch}, ${cpus().length} × ${first?.model.trim()}, ${memory} GiB; Node ${process.version}`;
}
