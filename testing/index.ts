/** `rotaform/testing`: the contract that every strategy passes. */
export { describeStrategy } from './describe-strategy.ts';
export type { ForeignTarget } from './foreign-target.ts';
export type { Statement, StrategyUnderTest, TargetUnderTest } from './strategy-under-test.ts';
