import { SingleBar } from 'cli-progress';
import type { SendReport } from '../deliver/tally.js';
import type { Surroundings } from './surroundings.js';

/** Between two plain lines, and between two looks of the bar. */
const everyMs = { plain: 5000, bar: 100 };

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
  let last = started;
  const isDue = (afterMs: number) => {
    const now = clock.elapsed();
    if (now - last < afterMs) return false;
    last = now;
    return true;
  };
  if (stderr.isTTY) {
    const bar = new SingleBar({
      stream: stderr,
      format: '{bar} {value}/{total}  {rate}/s  {left} left  {failed} refused  {deferred} put off',
      barCompleteChar: '█',
      barIncompleteChar: '░',
      hideCursor: true,
    });
    let latest: SendReport | undefined;
    const draw = (report: SendReport) => {
      const { done, ...rest } = figures(report);
      bar.update(done, rest);
    };
    bar.start(total, 0, { rate: '0', left: '?', failed: 0, deferred: 0 });
    return {
      show(report) {
        latest = report;
        if (isDue(everyMs.bar)) draw(report);
      },
      end() {
        if (latest) draw(latest);
        bar.stop();
      },
    };
  }
  return {
    show(report) {
      if (!isDue(everyMs.plain)) return;
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
