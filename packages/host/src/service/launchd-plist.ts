import { join } from 'node:path';
import { JobError } from '@nightshift/sdk';
import { commandOf, MARK, type ServiceFacts } from './service-facts.ts';

export function labelOf(name: string): string {
  return `nightshift.${name}`;
}

/** Where an agent of this name writes what it says. */
export function logOf(name: string, home: string): string {
  return join(home, 'Library', 'Logs', `nightshift-${name}.log`);
}

type Value = string | number | boolean | readonly string[] | { readonly [key: string]: Value };

/**
 * A launch agent that runs the scheduler. Pure. Source: launchd.plist(5). `AbandonProcessGroup`: running jobs go on when it
 * is stopped. Begun anew after a failure only, and at most every ten seconds.
 */
export function launchdPlist(facts: ServiceFacts, home: string): string {
  const { name, workingDirectory, environment } = facts;
  const entries = {
    Label: labelOf(name),
    ProgramArguments: commandOf(facts),
    WorkingDirectory: workingDirectory,
    EnvironmentVariables: environment,
    RunAtLoad: true,
    KeepAlive: { SuccessfulExit: false },
    ThrottleInterval: 10,
    AbandonProcessGroup: true,
    StandardErrorPath: logOf(name, home),
  };
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- ${MARK}, which also replaces it; "nightshift scheduler uninstall" removes it. -->
<plist version="1.0">
${element(entries, '')}
</plist>
`;
}

function element(value: Value, indent: string): string {
  if (typeof value === 'string') return `${indent}<string>${escaped(value)}</string>`;
  if (typeof value === 'number') return `${indent}<integer>${value}</integer>`;
  if (typeof value === 'boolean') return `${indent}<${value}/>`;
  const inner = `${indent}  `;
  if (isList(value)) return `${indent}<array>\n${value.map((one) => `${element(one, inner)}\n`).join('')}${indent}</array>`;
  return `${indent}<dict>\n${Object.entries(value).map(([key, one]) => `${inner}<key>${escaped(key)}</key>\n${element(one, inner)}\n`).join('')}${indent}</dict>`;
}

function isList(value: Value): value is readonly string[] {
  return Array.isArray(value);
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function escaped(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are looked for
  if (/[\u0000-\u001f\u007f]/.test(text)) throw new JobError({ code: 'ArgumentInvalid', message: `a service cannot be told ${JSON.stringify(text.slice(0, 200))}: it holds a control character`, hint: 'rename the folder, or correct the variable' });
  return text.replaceAll(/[&<>]/g, (letter) => ENTITIES[letter] as string);
}
