import { defineConfig } from 'vitest/config';

// biome-ignore lint/style/noDefaultExport: that is what vitest reads.
export default defineConfig({ test: { include: ['contract.spec.ts'] } });
