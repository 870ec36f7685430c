/**
 * What a fleet costs: 1,000 secrets and the one function that they share, from one synthesized stack, on the local AWS.
 * All rotate within a day of the account's clock, which moves from one to the next.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { machine } from './machine.ts';
import { deployedFleet, rotatedFleet } from './rotate-fleet.ts';

const builder = fileURLToPath(new URL('../constructs/code/build-functions.ts', import.meta.url));
execFileSync(process.execPath, ['--import', 'tsx', builder]);

console.log(`A fleet: one function, a window of 24 hours\n${machine()}\n`);
console.table([await deployedFleet(1), await deployedFleet(100), await deployedFleet(1000)]);

const started = performance.now();
const { rotations, callsPerRotation, peakWritesPerSecond } = await rotatedFleet(1000);
console.table({
  'rotations in a day': rotations,
  'calls per rotation': callsPerRotation,
  'peak writes per second (quota: 50)': peakWritesPerSecond,
  'synth, deploy and two rotations each, in seconds here': Math.round((performance.now() - started) / 1000),
});
if (peakWritesPerSecond > 50) process.exitCode = 1;
