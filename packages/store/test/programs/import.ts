/** Imports two jobs, the second a child, and prints how many: import.ts STATE-FOLDER */
import { createIdCounter, durableLayout, openEmbeddedStore } from '../../src/index.ts';
import { family } from '../imported-runs.ts';

const [state] = process.argv.slice(2) as [string];
const ids = createIdCounter(state);
const store = openEmbeddedStore({ root: state, layout: durableLayout, synchronous: 'FULL', durable: true }, { ids, cutRecord: () => ({ stream: 'output', value: '' }) });
const { imported } = await store.importRuns((async function* () {
  yield family(7);
})(), { file: 'f' });
process.stdout.write(String(imported));
