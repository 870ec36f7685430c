import type { Reporter, TestModule } from 'vitest/node';

/** Says at the end which tests were skipped for what this machine lacks: their titles say why. */
export class SkippedTests implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const titles = modules.flatMap(({ children }) => [...children.allTests('skipped')].map(({ fullName }) => fullName));
    const suites = new Set(
      titles.map((title) => title.split(' > ')[0]).filter((suite) => suite?.includes('(skipped: ')),
    );
    for (const suite of suites) console.log(suite);
  }
}
