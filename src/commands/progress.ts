import { SingleBar } from 'cli-progress';
import type { SendReport } from '../deliver/tally.js';
import type { Surroundings } from './surroundings.js';

/** Between two plain lines. */
const everyMs = 5000;

/** How far a send has come: a bar with rate and time left on a terminal, a line now and then elsewhere. */
export function showProgress(
  total: number,
  { stderr, clock }: Surroundings,
): { show(report: SendReport): void; end(): void } {
  const started = clock.elapsed();
  const figures = ({ sent, failed, deferred }: SendReport) => {
    const done = sent + failed + deferred.size;
    const seconds = Math.max(0.001, (clock.elapsed() - started) / 1000);
    const rate = done / seconds;
    return {
      done,
      rate: rate.toFixed(rate < 10 ? 1 : 0),
      left: duration(rate > 0 ? (total - done) / rate : 0),
      failed,
      deferred: deferred.size,
    };
  };
  if (stderr.isTTY) {
    const bar = new SingleBar({
      stream: stderr,
      format: '{bar} {value}/{total}  {rate}/s  {left} left  {failed} refused  {deferred} put off',
      barCompleteChar: '█',
      barIncompleteChar: '░',
      hideCursor: true,
    });
    bar.start(total, 0, { rate: '0', left: '?', failed: 0, deferred: 0 });
    return {
      show(report) {
        const { done, ...rest } = figures(report);
        bar.update(done, rest);
      },
      end: () => bar.stop(),
    };
  }
  let last = started;
  return {
    show(report) {
      const now = clock.elapsed();
      if (now - last < everyMs) return;
      last = now;
      const { done, rate, left, failed, deferred } = figures(report);
      stderr.write(`${done} of ${total}, ${rate}/s, ${left} left, ${failed} refused, ${deferred} put off\n`);
    },
    end: () => undefined,
  };
}

function duration(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
