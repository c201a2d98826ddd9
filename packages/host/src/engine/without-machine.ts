import type { Definition } from '@nightshift/sdk';

/** Options that ask nothing of the machine on which a run will be, and let no machine stop it. */
const OF_NO_MACHINE = { runWithoutNetwork: true, startIfOnBatteries: true, stopIfGoingOnBatteries: false, startIfNotIdle: true, stopIfGoingOffIdle: false, restartOnIdleResume: false, wakeToRun: false };
/** What somebody has to write to ask for it; what holds by default is not missed by anybody. */
const ASKS: Readonly<Record<string, unknown>> = {
  requireNetwork: true, runWithoutNetwork: false, startIfIdle: true, startIfNotIdle: false, stopIfGoingOffIdle: true, restartOnIdleResume: true,
  startIfOnBatteries: false, startIfOnBattery: false, stopIfGoingOnBatteries: true, wakeToRun: true,
};
const EVENTS = ['atStartup', 'atLogOn'];

/**
 * A definition as an engine can schedule it, which is on no machine: what asks something of a machine is left out, but for
 * conditions of which it says itself that they count as not met where they cannot be seen. `asks`: what somebody has asked for in vain.
 */
export function withoutMachine(definition: Definition): { readonly definition: Definition; readonly asks: readonly string[] } {
  const { options = {}, triggers = [] } = definition;
  const asked = Object.keys(options).filter((key) => key in ASKS && options[key] === ASKS[key]);
  const events = EVENTS.filter((kind) => triggers.some((entry) => typeof entry === 'object' && entry !== null && kind in entry));
  const asks = [...asked.map((key) => `options.${key}`), ...events];
  if (options['onUnknownCondition'] === 'skip') return { definition: { ...definition, options: { ...options, stopIfGoingOnBatteries: false, stopIfGoingOffIdle: false } }, asks };
  const { requireNetwork: _network, startIfOnBattery: _battery, startIfIdle: _idle, ...others } = options as Readonly<Record<string, unknown>>;
  return { definition: { ...definition, options: { ...others, ...OF_NO_MACHINE } }, asks };
}

/** What is to be said of it. */
export function askedInVain(name: string, asks: readonly string[]): string {
  const are = asks.length === 1 ? 'says' : 'say';
  return `${name}: ${asks.join(', ')} ${are} nothing with an engine, which is on no machine`;
}
