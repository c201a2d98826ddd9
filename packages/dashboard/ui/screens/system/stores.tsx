import type { JSX } from 'preact';
import type { StoreRow } from '../../../src/api.ts';
import { visible } from '../../words/safe-text.ts';
import { counted, sizeText } from '../../words/times.ts';

/** Both stores: how much is in them, and what keeps them from growing for ever. */
export function Stores({ stores }: { readonly stores: readonly StoreRow[] }): JSX.Element {
  const size = (bytes: number | null): string => (bytes === null ? 'not known' : sizeText(bytes));
  return (
    <section class="card" aria-labelledby="stores">
      <header><h2 id="stores">Stores</h2></header>
      <ul class="plain-list">
        {stores.map((store) => (
          <li key={store.kind}>
            <p><strong>{store.kind}</strong> <span class="mono small quiet">{visible(store.place)}</span></p>
            {store.exists ? (
              <>
                <p class="small number">{counted(store.finishedJobs, 'finished job')}, {store.unfinishedJobs.toLocaleString('en')} unfinished · index {size(store.indexBytes)}, output {size(store.outputBytes)}</p>
                {store.retention.map((rule) => <p key={rule} class="small quiet">{visible(rule)}</p>)}
              </>
            ) : <p class="small quiet">not made yet</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}
