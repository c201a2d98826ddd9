import type { Report, Scheduler } from '@nightshift/scheduler';
import { JobError, type Clock } from '@nightshift/sdk';
import { createSchedulerMetrics } from './scheduler-metrics.ts';
import { serveMetrics, type MetricsServer } from './serve.ts';

export interface MeteringParts {
  readonly port: number;
  readonly clock: Clock;
  readonly epochs: ReadonlyMap<string, number>;
  readonly warn: (warning: JobError) => void;
}

/** Metrics of one scheduler, from before it begins until after it has ended. */
export interface Metering {
  /** Counts what passes, and says with `ready` where the metrics are. */
  reporting(report: Report): Report;
  /** Answers from now on. Throws what `serveMetrics` does. */
  open(scheduler: Scheduler): Promise<void>;
  close(): Promise<void>;
}

export function createMetering({ port, clock, epochs, warn }: MeteringParts): Metering {
  const metrics = createSchedulerMetrics(clock.now());
  let server: MetricsServer | undefined;
  const failed = (cause: Error): void => warn(new JobError({ code: 'InputOutputError', message: `metrics could not be answered: ${cause.message}` }, { cause }));
  return {
    reporting: (report) => (event) => {
      metrics.note(event, clock.now());
      report(event.event === 'ready' && server !== undefined ? { ...event, metrics: server.url } : event);
    },
    async open(scheduler) {
      const text = (): string => metrics.text({ ...scheduler.inventory(), facts: scheduler.facts(), epochs, residentMemory: process.memoryUsage.rss() });
      server = await serveMetrics(port, text, failed);
    },
    async close() {
      await server?.close();
    },
  };
}
