import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../local/clock.ts';

function inMinutes(clock: Clock, minutes: number): Date {
  return new Date(clock.now().getTime() + minutes * 60_000);
}

describe('the clock', () => {
  it("shows this machine's time until it is moved", () => {
    const before = Date.now();
    const now = systemClock().now().getTime();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });

  it('moves by days, hours, minutes and seconds, and continues from there', async () => {
    const clock = systemClock();
    const before = clock.now().getTime();
    await clock.advance({ days: 1, hours: 2, minutes: 3, seconds: 4 });
    const movedMs = clock.now().getTime() - before;
    expect(movedMs).toBeGreaterThanOrEqual(93_784_000);
    await sleep(5);
    expect(clock.now().getTime() - before).toBeGreaterThan(movedMs);
  });

  it('runs the tasks that are due on the way in order, each at its date', async () => {
    const clock = systemClock();
    const start = clock.now().getTime();
    const ran: [string, number][] = [];
    const note = (name: string) => () => {
      ran.push([name, Math.floor((clock.now().getTime() - start) / 60_000)]);
    };
    clock.at(inMinutes(clock, 30), note('third'));
    clock.at(inMinutes(clock, 10), note('first'));
    clock.at(inMinutes(clock, 20), note('second'));
    clock.at(inMinutes(clock, 90), note('later'));
    await clock.advance({ hours: 1 });
    expect(ran).toEqual([
      ['first', 10],
      ['second', 20],
      ['third', 30],
    ]);
  });

  it('waits for one task before it runs the next', async () => {
    const clock = systemClock();
    const ran: string[] = [];
    clock.at(inMinutes(clock, 1), async () => {
      await sleep(20);
      ran.push('slow');
    });
    clock.at(inMinutes(clock, 1), () => {
      ran.push('quick');
    });
    await clock.advance({ minutes: 2 });
    expect(ran).toEqual(['slow', 'quick']);
  });

  it('waits for each task even if the tasks were about to run by themselves', async () => {
    const clock = systemClock();
    const ran: string[] = [];
    for (const name of ['first', 'second']) {
      clock.at(clock.now(), async () => {
        ran.push(`${name} starts`);
        await sleep(20);
        ran.push(`${name} ends`);
      });
    }
    await clock.advance({ hours: 1 });
    expect(ran).toEqual(['first starts', 'first ends', 'second starts', 'second ends']);
  });

  it('runs tasks that were added by tasks, if they are due on the way', async () => {
    const clock = systemClock();
    let runs = 0;
    const daily = () => {
      runs += 1;
      clock.at(inMinutes(clock, 24 * 60), daily);
    };
    clock.at(inMinutes(clock, 1), daily);
    await clock.advance({ days: 10 });
    expect(runs).toBe(10);
  });

  it('does not run a canceled task', async () => {
    const clock = systemClock();
    const ran: string[] = [];
    const takeBack = clock.at(inMinutes(clock, 1), () => {
      ran.push('taken back');
    });
    clock.at(inMinutes(clock, 2), () => {
      ran.push('kept');
    });
    takeBack();
    takeBack();
    await clock.advance({ hours: 1 });
    expect(ran).toEqual(['kept']);
  });

  it('runs tasks by itself as time passes, and at once if their date has passed', async () => {
    const clock = systemClock();
    await clock.advance({ days: 1 });
    const ran = new Promise<string>((resolve) => {
      clock.at(new Date(clock.now().getTime() + 10), () => resolve('by itself'));
    });
    expect(await ran).toBe('by itself');
    const late = new Promise<string>((resolve) => {
      clock.at(new Date(0), () => resolve('late'));
    });
    expect(await late).toBe('late');
  });

  it('does not run a task early if its date is further away than a timer can wait', async () => {
    const clock = systemClock();
    let ran = false;
    clock.at(inMinutes(clock, 400 * 24 * 60), () => {
      ran = true;
    });
    await sleep(10);
    expect(ran).toBe(false);
    await clock.advance({ days: 401 });
    expect(ran).toBe(true);
  });

  it('waits for running tasks before it moves', async () => {
    const clock = systemClock();
    const ran: string[] = [];
    const started = new Promise<void>((resolve) => {
      clock.at(clock.now(), async () => {
        resolve();
        await sleep(20);
        ran.push('running');
      });
    });
    await started;
    clock.at(inMinutes(clock, 1), () => {
      ran.push('due');
    });
    await clock.advance({ hours: 1 });
    expect(ran).toEqual(['running', 'due']);
  });

  it('runs at most eight tasks at a time, and then the others', async () => {
    const clock = systemClock();
    let started = 0;
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const ends = Array.from({ length: 50 }, () => {
      return new Promise<void>((resolve) => {
        clock.at(clock.now(), async () => {
          started += 1;
          await released;
          resolve();
        });
      });
    });
    await sleep(20);
    expect(started).toBe(8);
    release();
    await Promise.all(ends);
    expect(started).toBe(50);
  });

  it('adds up moves that happen at the same time', async () => {
    const clock = systemClock();
    const before = clock.now().getTime();
    await Promise.all([clock.advance({ days: 1 }), clock.advance({ days: 1 })]);
    expect(clock.now().getTime() - before).toBeGreaterThanOrEqual(2 * 86_400_000);
  });

  it('passes on what a task throws, and can move again afterwards', async () => {
    const clock = systemClock();
    clock.at(inMinutes(clock, 1), () => {
      throw new RangeError('broken task');
    });
    await expect(clock.advance({ hours: 1 })).rejects.toThrow('broken task');
    const before = clock.now().getTime();
    await clock.advance({ hours: 1 });
    expect(clock.now().getTime() - before).toBeGreaterThanOrEqual(3_600_000);
  });
});
