/** `rotaform/testing`: the contract that every strategy passes. */
export { describeStrategy } from './describe-strategy.ts';
export type { Statement, StrategyUnderTest, TargetUnderTest } from './strategy-under-test.ts';
