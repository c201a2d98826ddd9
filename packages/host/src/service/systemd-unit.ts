import { JobError } from '@nightshift/sdk';
import { commandOf, MARK, type ServiceFacts } from './service-facts.ts';

export function unitName(name: string): string {
  return `nightshift-${name}.service`;
}

/**
 * A user unit that runs the scheduler. Pure. Sources: systemd.service(5), systemd.exec(5), systemd.kill(5).
 *
 * `Type=exec`: a start has failed when the program could not be run. Node cannot send the datagram of `Type=notify` without
 * help, and a scheduler that waits for a clock to be set right would be ended for being late; whoever installs asks it itself.
 * `KillMode=process`: running jobs go on when the scheduler is stopped. Statuses 2 (use) and 5 (refused for safety) are
 * nothing that another try could change; after a hundred tries in an hour it stays failed.
 */
export function systemdUnit(facts: ServiceFacts): string {
  const { name, workingDirectory, environment } = facts;
  return `# ${MARK}, which also replaces it; "nightshift scheduler uninstall" removes it.
# What you add is safe in a file beside it: systemctl --user edit ${unitName(name)}

[Unit]
Description=Nightshift scheduler (${name})
StartLimitIntervalSec=1h
StartLimitBurst=100

[Service]
Type=exec
ExecStart=${commandLine(commandOf(facts))}
WorkingDirectory=${bare(workingDirectory)}
${Object.entries(environment).map(([variable, value]) => `Environment=${quoted(`${variable}=${value}`)}\n`).join('')}Restart=on-failure
RestartSec=10s
RestartPreventExitStatus=2 5
KillMode=process
SyslogIdentifier=nightshift-${name}

[Install]
WantedBy=default.target
`;
}

/** The program is no place for variables, but systemd takes no quotes and backslashes in it: then a shell runs it. */
function commandLine([program, ...words]: readonly [string, ...string[]]): string {
  const args = words.map(argument);
  if (!/["'\\]/.test(program)) return [quoted(program), ...args].join(' ');
  return ['/bin/sh', '-c', argument('exec "$0" "$@"'), argument(program), ...args].join(' ');
}

/** A `$` would be the beginning of a variable. */
function argument(word: string): string {
  return quoted(word).replaceAll('$', '$$$$');
}

/** One word, whatever is in it. Source: systemd.syntax(7), "Quoting"; systemd.unit(5), "Specifiers". */
function quoted(word: string): string {
  return `"${printable(word).replaceAll(/["\\]/g, String.raw`\$&`).replaceAll('%', '%%')}"`;
}

/** Of a setting that is read to the end of its line, without quotes. */
function bare(path: string): string {
  if (/^\s|[\s\\]$/.test(path)) throw unfit(path);
  return printable(path).replaceAll('%', '%%');
}

function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are looked for
  if (/[\u0000-\u001f\u007f]/.test(text)) throw unfit(text);
  return text;
}

function unfit(text: string): JobError {
  return new JobError({ code: 'ArgumentInvalid', message: `a service cannot be told ${JSON.stringify(text.slice(0, 200))}: it holds a control character, or blanks at its end`, hint: 'rename the folder, or correct the variable' });
}
