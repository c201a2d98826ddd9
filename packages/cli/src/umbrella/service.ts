/** `nightshift scheduler install` and `uninstall`: the scheduler as a service of the user. */
import { join } from 'node:path';
import type { Installed, ServiceRequest, Services, Uninstalled } from '@nightshift/host';
import { EXIT } from '../exit-codes.ts';
import { approvalOf } from '../options/approval.ts';
import type { Parsed } from '../options/option-table.ts';
import { usage } from '../options/usage.ts';
import { writeJson } from '../print/json.ts';
import { sanitiseLine } from '../print/sanitise.ts';
import { writeError, writeOut } from '../print/terminal.ts';
import { formatOf, type Surroundings } from '../verb.ts';

type Format = ReturnType<typeof formatOf>;

export async function service(action: 'install' | 'uninstall', options: Parsed, { host }: Surroundings): Promise<number> {
  const format = formatOf(options, ['table', 'json']);
  if (options.has('system-for') && !options.isOn('print')) throw usage('InvalidParameterCombination', '--system-for only chooses what --print shows');
  const request = requestOf(options);
  const services = await host().services(action === 'uninstall');
  if (options.isOn('print')) await print(services, request, options.text('system-for'), format);
  else if (action === 'install') await install(services, request, options, format);
  else await uninstall(services, request, options, format);
  return EXIT.done;
}

function requestOf(options: Parsed): ServiceRequest {
  const [name, definitionPaths, metricsPort] = [options.text('name'), definitionPathsOf(options), portOf(options)];
  return {
    // Beside the bundle that runs now.
    program: join(__dirname, '..', 'bin', 'nightshift.cjs'),
    ...(name === undefined ? {} : { name }),
    ...(definitionPaths === undefined ? {} : { definitionPaths }),
    ...(metricsPort === undefined ? {} : { metricsPort }),
  };
}

/** An empty text, as of a variable that is not set, would be the working directory: a scheduler of nothing, for ever. */
export function definitionPathsOf(options: Parsed): readonly string[] | undefined {
  const folders = options.list('definition-path');
  if (folders?.includes('') === true) throw usage('ParameterArgumentValidationError', '--definition-path is empty');
  return folders;
}

/** Where metrics are to be had; undefined: nowhere. */
export function portOf(options: Parsed): number | undefined {
  const text = options.text('metrics-port');
  if (text === undefined) return undefined;
  if (!/^\d{1,6}$/.test(text)) throw usage('ParameterArgumentTransformationError', `--metrics-port takes a number, not "${text}"`);
  if (Number(text) > 65_535) throw usage('ParameterArgumentValidationError', `there is no port ${text}; the last one is 65535`);
  return Number(text);
}

async function print(services: Services, request: ServiceRequest, system: string | undefined, format: Format): Promise<void> {
  const { name, unit, file, text } = await services.plan(request, system === undefined ? undefined : system === 'macos' ? 'darwin' : 'linux');
  if (format === 'json') writeJson({ apiVersion: 1, name, unit, file, text });
  else writeOut(text);
}

async function install(services: Services, request: ServiceRequest, options: Parsed, format: Format): Promise<void> {
  const approve = approvalOf(options, 'scheduler install');
  if (approve !== undefined) {
    const { file, exists } = await services.plan(request);
    if (!approve(exists ? `${file}, in place of the one that is there` : file)) return;
  }
  const installed = await services.install(request);
  const { name, unit, file, change, running, commands, log } = installed;
  if (format === 'json') return writeJson({ apiVersion: 1, name, unit, file, change, running, commands, log });
  writeOut(`${sanitiseLine(file)}\n`);
  writeError(sanitised(newsOf(installed)));
}

function newsOf({ unit, change, running, commands, log }: Installed): readonly string[] {
  const did = { written: 'is installed', replaced: 'is installed in place of the older one', unchanged: 'is there already, and unchanged' }[change];
  return [
    `scheduler: ${unit} ${did}${running ? '; its scheduler is ready' : '; no service manager answers here, so it is not started'}`,
    ...commands.map(({ purpose, command }) => `  ${command}   # ${purpose}`),
    `  ${log}   # what it says`,
    ...(running ? [] : ['  In a container without a service manager, have the container run: nightshift scheduler run']),
  ];
}

async function uninstall(services: Services, request: ServiceRequest, options: Parsed, format: Format): Promise<void> {
  const approve = approvalOf(options, 'scheduler uninstall');
  if (approve !== undefined) {
    const found = await services.look(request);
    if (!found.removed) return report(found, format);
    if (!approve(found.file)) return;
  }
  report(await services.uninstall(request), format);
}

function report(removal: Uninstalled, format: Format): void {
  const { name, unit, file, removed, commands } = removal;
  if (format === 'json') return writeJson({ apiVersion: 1, name, unit, file, removed, commands });
  if (removed) writeOut(`${sanitiseLine(file)}\n`);
  writeError(sanitised(partingOf(removal)));
}

function partingOf({ unit, removed, asked, commands }: Uninstalled): readonly string[] {
  if (!removed) return [`scheduler: ${unit} is not installed`];
  if (asked) return [`scheduler: ${unit} is stopped and removed; running jobs go on`];
  return [`scheduler: ${unit} is removed; no service manager answers here: where it still runs, type`, ...commands.map((command) => `  ${command}`)];
}

function sanitised(lines: readonly string[]): string {
  return lines.map((line) => `${sanitiseLine(line)}\n`).join('');
}
