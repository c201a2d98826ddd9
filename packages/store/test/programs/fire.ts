/** Fires one due time and prints what became of it: fire.ts STATE-FOLDER */
import { createIdCounter, durableLayout, openEmbeddedStore, openFirings } from '../../src/index.ts';
import { clock, decision, started } from '../firing-plans.ts';

const [state] = process.argv.slice(2) as [string];
const ids = createIdCounter(state);
const store = openEmbeddedStore({ root: state, layout: durableLayout, synchronous: 'FULL', durable: true }, { ids, cutRecord: () => ({ stream: 'output', value: '' }) });
const [result] = await openFirings(store, ids).fire([decision([started(1)], [{ to: clock() }])]);
process.stdout.write(String(result?.is));
