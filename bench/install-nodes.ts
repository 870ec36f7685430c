/** Fetches the Node.js versions that Lambda runs, for tests and benchmarks. */
import { nodeBinary } from './node-binary.ts';

for (const major of [22, 24]) nodeBinary(major);
