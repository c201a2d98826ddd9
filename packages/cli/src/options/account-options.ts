import type { Option, Parsed } from './option-table.ts';
import { usage } from './usage.ts';

/** The ways that PowerShell knows; here there is one. */
export const AUTHENTICATIONS = ['Default', 'Basic', 'Negotiate', 'NegotiateWithImplicitCredential', 'Credssp', 'Digest', 'Kerberos'] as const;

/** Parameters of Start-Job about accounts and Windows: known by name, so that whoever brings a script learns what became of them. Source: jobs.md 8.2. */
export const ACCOUNT_OPTIONS: Readonly<Record<string, Option>> = {
  credential: { kind: 'text', value: 'USER', help: 'run as this user, by runuser or sudo -n' },
  authentication: { kind: 'text', value: 'WAY', help: 'Default, which means nothing for a local job', oneOf: AUTHENTICATIONS },
  'run-as32': { kind: 'switch', help: 'refused: there are no 32-bit processes' },
  'ps-version': { kind: 'text', value: '5.1', help: 'Windows PowerShell, on Windows only' },
};

/** Throws `RunAs32NotSupported`, `PSVersionNotSupported`, `AuthenticationNotSupported`, `ParameterArgumentValidationError`. */
export function checkAccountOptions(options: Parsed): void {
  if (options.isOn('run-as32')) throw usage('RunAs32NotSupported', 'a 64-bit process starts no 32-bit ones', 'name a 32-bit program after --');
  const version = options.text('ps-version');
  if (version !== undefined && version !== '5.1') throw usage('ParameterArgumentValidationError', `--ps-version takes 5.1 only, not "${version}"`);
  if (version !== undefined) throw usage('PSVersionNotSupported', 'Windows PowerShell 5.1 is a part of Windows', '--shell pwsh runs a text by PowerShell 7');
  const way = options.text('authentication');
  if (way !== undefined && way !== 'Default') throw usage('AuthenticationNotSupported', `a local job logs on nowhere: --authentication ${way} means nothing here`, 'leave it out');
}
