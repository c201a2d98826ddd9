import { answerWithin } from '../launch/spawn-detached.ts';
import { hasNetwork } from './network.ts';
import type { Senses } from './senses.ts';

/**
 * What Windows says of itself, through its own PowerShell: the power line, and the last input of the session that asks
 * (GetLastInputInfo; a service sees none but its own). Not tested on a machine of that kind: its answers are read from recordings.
 */
export function windowsSenses(): Senses {
  return {
    network: hasNetwork,
    onBattery: async (deadline) => batteryIn(await answerWithin(script(POWER), deadline)),
    idleFor: async (deadline) => idleIn(await answerWithin(script(IDLE), deadline)),
  };
}

function script(text: string): readonly [string, ...string[]] {
  return ['powershell.exe', '-NoLogo', '-NoProfile', '-NonInteractive', '-Command', text];
}

const POWER = 'Add-Type -AssemblyName System.Windows.Forms; [System.Windows.Forms.SystemInformation]::PowerStatus.PowerLineStatus';
const IDLE = [
  'Add-Type -TypeDefinition \'using System; using System.Runtime.InteropServices; public static class Input {',
  '[StructLayout(LayoutKind.Sequential)] struct Info { public uint Size; public uint Time; }',
  '[DllImport("user32.dll")] static extern bool GetLastInputInfo(ref Info info);',
  'public static long Idle() { var info = new Info(); info.Size = 8; if (!GetLastInputInfo(ref info)) return -1;',
  'return unchecked((uint)Environment.TickCount - info.Time); } }\'; [Input]::Idle()',
].join(' ');

/** `Online`, `Offline` or `Unknown`. */
export function batteryIn(text = ''): boolean | undefined {
  const word = text.trim();
  return word === 'Offline' ? true : word === 'Online' ? false : undefined;
}

/** Milliseconds, or -1 where the system refuses. */
export function idleIn(text = ''): number | undefined {
  return /^\d+$/.test(text.trim()) ? Number(text.trim()) : undefined;
}
