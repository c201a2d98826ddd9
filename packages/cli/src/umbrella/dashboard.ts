import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DashboardFacts, NextLogin } from '@nightshift/dashboard';
import { isJobError, JobError } from '@nightshift/sdk';
import { EXIT } from '../exit-codes.ts';
import { CONFIG_OPTION, type Parsed } from '../options/option-table.ts';
import { usage } from '../options/usage.ts';
import { printWarning } from '../print/error.ts';
import { writeJson } from '../print/json.ts';
import { sanitiseLine } from '../print/sanitise.ts';
import { isTerminal, writeError, writeOut } from '../print/terminal.ts';
import { formatOf, type Verb } from '../verb.ts';
import { VERSION } from '../version.ts';

/** As good as any, and the same at every start: a browser finds it again. */
const PORT = 4270;

export const dashboard: Verb = {
  table: {
    name: 'dashboard',
    summary: 'shows in a browser what runs, what failed and what will run; prints an address to open, good once',
    examples: ['nightshift dashboard', 'nightshift dashboard --allow-writes --port 0', 'ssh -L 4270:127.0.0.1:4270 server nightshift dashboard'],
    usage: ['[options]'],
    words: 0,
    options: {
      'allow-writes': { kind: 'switch', help: 'also enable, disable, start and stop; default: only look' },
      port: { kind: 'text', value: 'PORT', help: `default ${PORT}; 0 is any free port` },
      bind: { kind: 'text', value: 'ADDRESS', help: 'in place of 127.0.0.1 and ::1; others can reach it: only with TLS' },
      certificate: { kind: 'text', value: 'FILE', help: 'TLS: the certificate and those that signed it, PEM', completes: 'file' },
      key: { kind: 'text', value: 'FILE', help: 'TLS: its key, PEM', completes: 'file' },
      ...CONFIG_OPTION,
    },
  },
  async run(options, { host, voice }) {
    const format = formatOf(options, ['table', 'json']);
    const request = { port: portOf(options), bind: addressOf(options), tls: tlsOf(options), writes: options.isOn('allow-writes') };
    const { serveDashboard } = await import('@nightshift/dashboard');
    const ready = (facts: DashboardFacts): void => {
      if (format === 'json') writeJson({ apiVersion: 1, ...facts, writes: request.writes });
      else print(facts, request.writes);
    };
    // In a file or a journal an address that nobody has used yet would lie about.
    const letIn = ({ from, loginUrl }: NextLogin): void => void (isTerminal(2) && writeError(`${sanitiseLine(`dashboard: let in a browser from ${from}; for the next one: ${loginUrl}`)}\n`));
    const warn = (cause: unknown): void => printWarning(voice, isJobError(cause) ? (cause as JobError) : new JobError({ code: 'InternalError', message: cause instanceof Error ? cause.message : String(cause) }, { cause }));
    await serveDashboard({ ...request, host: host(), version: VERSION, pages: join(__dirname, 'dashboard'), warn, ready, letIn }, untilStopped());
    return EXIT.done;
  },
};

/** The address alone is data. */
function print({ loginUrl, addresses, port, tokenFile }: DashboardFacts, writes: boolean): void {
  writeOut(`${loginUrl}\n`);
  const places = addresses.map((address) => `${address.includes(':') ? `[${address}]` : address}:${port}`).join(' and ');
  writeError(`${sanitiseLine(`dashboard: ${writes ? 'looks and acts' : 'only looks; --allow-writes lets it act'}; on ${places}; token in ${tokenFile}; Ctrl-C ends it`)}\n`);
}

function portOf(options: Parsed): number {
  const text = options.text('port');
  if (text === undefined) return PORT;
  if (!/^\d{1,6}$/.test(text)) throw usage('ParameterArgumentTransformationError', `--port takes a number, not "${text}"`);
  if (Number(text) > 65_535) throw usage('ParameterArgumentValidationError', `there is no port ${text}; the last one is 65535`);
  return Number(text);
}

function addressOf(options: Parsed): string | undefined {
  const address = options.text('bind');
  if (address === '') throw usage('ParameterArgumentValidationError', '--bind is empty');
  return address;
}

function tlsOf(options: Parsed): { readonly cert: string; readonly key: string } | undefined {
  const [certificate, key] = [options.text('certificate'), options.text('key')];
  if (certificate === undefined && key === undefined) return undefined;
  if (certificate === undefined || key === undefined) throw usage('InvalidParameterCombination', '--certificate and --key go together');
  return { cert: textOf(certificate), key: textOf(key) };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new JobError({ code: 'FilePathNotFound', message: `cannot be read: ${(cause as Error).message}`, file }, { cause });
  }
}

/** SIGTERM and SIGINT end it in good order. */
function untilStopped(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => controller.abort());
  return controller.signal;
}
