/** Renames p/nightly to p/evening, file included, and prints what became of it: rename.ts STATE-FOLDER */
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { createIdCounter, durableLayout, openEmbeddedStore, openFirings } from '../../src/index.ts';

const [state] = process.argv.slice(2) as [string];
const ids = createIdCounter(state);
const store = openEmbeddedStore({ root: state, layout: durableLayout, synchronous: 'FULL', durable: true }, { ids, cutRecord: () => ({ stream: 'output', value: '' }) });
const renaming = { from: { key: 'p/nightly', name: 'Nightly' }, to: { key: 'p/evening', name: 'Evening' } };
const result = await openFirings(store, ids).renameDefinition(renaming, async () => {
  if (existsSync(join(state, 'Nightly.yaml'))) renameSync(join(state, 'Nightly.yaml'), join(state, 'Evening.yaml'));
});
process.stdout.write(result.is);
