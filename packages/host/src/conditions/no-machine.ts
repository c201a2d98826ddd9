import type { MachineProbe } from '@nightshift/scheduler';

/** On an engine nobody knows on which machine a run will be, when it is decided whether it is to be: what is asked cannot be seen. */
export const NO_MACHINE: MachineProbe = { ask: async () => ({}) };
