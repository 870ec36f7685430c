/** What one look at a fleet costs: `rotaform status` on a local AWS that throttles as AWS does. */
import { machine } from './machine.ts';
import { statusOfMany } from './status-of-many.ts';

console.log(`rotaform status: 10 secrets, 1,000 that share a function, and 1,000 with a function each\n${machine()}\n`);
const looks = [await statusOfMany(10, 10), await statusOfMany(1_000, 1), await statusOfMany(1_000, 1_000)];
console.table(looks);
if (looks.some(({ throttled, seconds }) => throttled > 0 || seconds > 60)) process.exitCode = 1;
