import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Clock } from '../clock.js';
import type { Dispatch, Holder } from '../store/dispatch.js';

/** A sender whose lease has not moved for so long is dead. */
const leaseMs = 30_000;
/** It moves it this often while it lives, whatever its server is doing. */
const renewMs = 8_000;
/** Between two looks at another's lease. */
const lookMs = 1000;
/** Clocks of two machines are taken to be no further apart than this. */
const clockSkewMs = 10 * 60_000;

/** What names a process: `pid` means something on its machine, until that starts anew. */
export interface Self {
  machine: string;
  pid: number;
  /** Whether a process of this machine runs. */
  isAlive(pid: number): boolean;
}

/** This process. */
export function thisProcess(): Self {
  return {
    machine: `${hostname()} ${read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim())} ${read(() => readlinkSync('/proc/self/ns/pid'))}`,
    pid: process.pid,
    isAlive(pid) {
      try {
        process.kill(pid, 0);
        return true;
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === 'EPERM';
      }
    },
  };
}

/** '' on a system that does not tell. */
function read(from: () => string): string {
  try {
    return from();
  } catch {
    return '';
  }
}

export interface Lease {
  senderId: number;
  /** Takes over what dead senders held; says how many deliveries those were. */
  takeOverDead(to: 'queued' | 'skipped'): Promise<number>;
  /** Waits until those others that hold deliveries prove dead, and takes over; or until they prove alive. */
  outlive(to: 'queued' | 'skipped', signal: AbortSignal): Promise<number>;
  end(): Promise<void>;
}

/**
 * Makes this run a sender of the mailing and keeps its lease moving.
 *
 * @param onLost another took over what this one held: it must not go on.
 */
export async function takeLease(given: {
  store: Pick<Dispatch, 'enlist' | 'renew' | 'discharge' | 'holders' | 'takeOver'>;
  mailingId: number;
  self: Self;
  clock: Clock;
  onLost(): void;
}): Promise<Lease> {
  const { store, mailingId, self, clock } = given;
  const now = () => clock.now().toISOString();
  const until = () => new Date(clock.now().getTime() + leaseMs).toISOString();
  const senderId = await store.enlist({
    mailingId,
    machine: self.machine,
    pid: self.pid,
    now: now(),
    leaseUntil: until(),
  });
  const stop = clock.every(renewMs, () => {
    // What fails here fails in the next turn of the ledger too, and is told there.
    store.renew(senderId, until()).then(
      (isOurs) => isOurs || given.onLost(),
      () => undefined,
    );
  });
  const isDead = (holder: Holder) =>
    holder.hasEnded ||
    (holder.machine === self.machine && (holder.pid === self.pid || !self.isAlive(holder.pid))) ||
    Date.parse(holder.leaseUntil) + clockSkewMs < clock.now().getTime();
  const takeOver = async (holders: Holder[], to: 'queued' | 'skipped') => {
    let taken = 0;
    for (const holder of holders) taken += await store.takeOver(holder, to, now());
    return taken;
  };
  const others = () => store.holders(mailingId, senderId);
  return {
    senderId,
    takeOverDead: async (to) => takeOver((await others()).filter(isDead), to),
    async outlive(to, signal) {
      // By how a lease moves, not by what it says: another machine's clock may be another.
      const first = new Map((await others()).map((holder) => [holder.senderId, holder.leaseUntil]));
      const started = clock.elapsed();
      while (first.size > 0 && !signal.aborted) {
        const holders = (await others()).filter(({ senderId: id }) => first.has(id));
        const hasWaited = clock.elapsed() - started >= leaseMs;
        const dead = holders.filter(
          (holder) => isDead(holder) || (hasWaited && first.get(holder.senderId) === holder.leaseUntil),
        );
        if (dead.length > 0) return takeOver(dead, to);
        const isMoving = holders.some((holder) => first.get(holder.senderId) !== holder.leaseUntil);
        if (holders.length === 0 || isMoving) return 0;
        await clock.sleep(lookMs, signal);
      }
      return 0;
    },
    async end() {
      stop();
      // Not recorded, it is seen by others all the same: its process is gone.
      await store.discharge(senderId, now()).catch(() => undefined);
    },
  };
}
