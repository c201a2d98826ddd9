/** Takes namespaces and holds them until it is killed: own.ts STATE-FOLDER NAMESPACE… Prints `owned`, or the code of its refusal. */
import { createIdCounter, durableLayout, openEmbeddedStore, takeOwnership } from '../../src/index.ts';

const [state, ...namespaces] = process.argv.slice(2) as [string, ...string[]];
const store = openEmbeddedStore({ root: state, layout: durableLayout, synchronous: 'FULL', durable: true }, { ids: createIdCounter(state), cutRecord: () => ({ stream: 'output', value: '' }) });
try {
  const me = { host: 'here', boot: 'boot-1', pid: process.pid, startTime: '1' };
  const ownership = takeOwnership({ state, database: store.database, namespaces, me, isAlive: () => true, now: Date.now });
  process.stdout.write('owned\n');
  // Keeps the process, and with it the locks: what nobody refers to is collected, and its lock is free.
  process.stdin.on('end', () => ownership.release()).resume();
} catch (cause) {
  process.stdout.write(`${(cause as { code: string }).code}\n`);
}
