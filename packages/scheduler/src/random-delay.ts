/**
 * How much later than its due time something starts, in milliseconds: at least 0 and less than `most`; 0 where `most` is 0.
 *
 * A function of its arguments alone, so that `next` shows what every scheduler will do, on any machine, before and after a
 * restart and in every version: the first 52 bits of the SHA-256 of
 *
 *     <definition key> LF <trigger id> LF <due time as 2026-11-23T02:00:00.000Z>
 *
 * modulo `most`. Any shell can check one: `printf 'ops/nightly\n1\n2026-11-23T02:00:00.000Z' | sha256sum`, first 13 digits.
 */
export function randomDelay(definitionKey: string, triggerId: number, dueAt: Date, most: number): number {
  if (most === 0) return 0;
  // Loaded here: most triggers have no delay, and it costs a sixth of an empty Node process.
  const { hash } = process.getBuiltinModule('node:crypto');
  const digest = hash('sha256', `${definitionKey}\n${triggerId}\n${dueAt.toISOString()}`, 'hex');
  return Number.parseInt(digest.slice(0, 13), 16) % most;
}
