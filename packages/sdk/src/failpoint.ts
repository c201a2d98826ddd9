/**
 * Named places at which a crash test may kill this process. In every published build this function is empty and its
 * calls vanish; the export condition `failpoints` puts `failpoint-armed.ts` in its place.
 * Used by our own packages only; not part of the contract with plugins.
 */
/* @__NO_SIDE_EFFECTS__ */
export function failpoint(_name: string): void {}
