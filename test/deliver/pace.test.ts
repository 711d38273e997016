import { expect, test } from '@jest/globals';
import type { Clock } from '../../src/clock.js';
import { openPace } from '../../src/deliver/pace.js';

function handTurned(): Clock & { pass(ms: number): void } {
  let now = 0;
  return {
    now: () => new Date(now),
    elapsed: () => now,
    sleep: async () => undefined,
    every: () => () => undefined,
    pass: (ms) => {
      now += ms;
    },
  };
}

test('a rate is kept evenly, not in bursts', () => {
  const clock = handTurned();
  const pace = openPace({ messages: 4, perMs: 1000 }, new Map(), clock);
  const at: number[] = [];
  for (let i = 0; i < 6; i++) {
    clock.pass(Math.max(0, pace.readyAt('x.org') - clock.elapsed()));
    pace.take('x.org');
    at.push(clock.elapsed());
  }
  expect(at).toEqual([0, 250, 500, 750, 1000, 1250]);
});

test('a limit holds for its domain alone', () => {
  const clock = handTurned();
  const pace = openPace(undefined, new Map([['gmail.com', { messages: 2, perMs: 1000 }]]), clock);
  pace.take('gmail.com');
  expect(pace.readyAt('gmail.com')).toBe(500);
  expect(pace.readyAt('x.org')).toBe(0);
  expect([pace.isHeld('gmail.com'), pace.isHeld('x.org')]).toEqual([true, false]);
});

test('a domain that puts mail off is given less and less, and more again when it takes it', () => {
  const clock = handTurned();
  const pace = openPace(undefined, new Map(), clock);
  const wait = () => pace.readyAt('x.org') - clock.elapsed();
  const waits: number[] = [];
  for (let i = 0; i < 4; i++) {
    clock.pass(1000);
    pace.take('x.org');
    pace.told('x.org', { kind: 'later', reply: '450 4.2.0 not now' });
    waits.push(wait());
  }
  expect(waits).toEqual([...waits].sort((a, b) => a - b));
  expect(waits.at(-1)).toBeGreaterThan(2 * (waits[0] as number));
  expect(pace.readyAt('y.org') - clock.elapsed()).toBeLessThanOrEqual(0);
  for (let i = 0; i < 200; i++) pace.told('x.org', { kind: 'accepted', reply: '' });
  expect(pace.isHeld('x.org')).toBe(false);
});

test('a server that says that it has too much of us is given less for every domain', () => {
  const clock = handTurned();
  const pace = openPace(undefined, new Map(), clock);
  clock.pass(5000);
  pace.take('x.org');
  pace.told('x.org', { kind: 'later', reply: '421 4.7.0 too many messages' });
  expect(pace.readyAt('y.org')).toBeGreaterThan(clock.elapsed());
});
