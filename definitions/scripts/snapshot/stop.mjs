import { rmSync } from 'node:fs';

/** On a signal to stop: remove the file, then end by that very signal, so that whoever waits sees why. */
export function removeWhenStopped(path) {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
    process.once(signal, () => {
      rmSync(path, { force: true });
      process.kill(process.pid, signal);
    });
  }
}
