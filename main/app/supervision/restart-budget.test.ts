import { describe, expect, it } from 'vitest';
import { RestartBudget } from './restart-budget.ts';

describe('the restart budget', () => {
  it('is three in ten minutes, and refills', () => {
    let now = 0;
    const budget = new RestartBudget(() => now);
    const takeAt = (minutes: number) => {
      now = minutes * 60_000;
      return budget.take();
    };
    expect([0, 1, 2].map(takeAt)).toEqual([true, true, true]);
    expect([3, 9.9].map(takeAt)).toEqual([false, false]);
    expect([10, 10.5, 11].map(takeAt)).toEqual([true, false, true]);
  });
});
