import type { JSX } from 'preact';
import type { HostRow } from '../../../src/api.ts';
import { Moment } from '../../parts/moment.tsx';
import { visible } from '../../words/safe-text.ts';

export function Hosts({ hosts }: { readonly hosts: readonly HostRow[] }): JSX.Element | null {
  if (hosts.length === 0) return null;
  return (
    <section class="card" aria-labelledby="hosts">
      <header><h2 id="hosts">Hosts</h2><span class="count">{hosts.length}</span></header>
      <ul class="plain-list">
        {hosts.map(({ name, routes, slots, running, lastSeen }) => (
          <li key={name}>
            <p><strong>{visible(name)}</strong> <span class="quiet small number">{running} running{slots !== null && ` of ${slots}`}{lastSeen !== null && <>, seen <Moment at={lastSeen} /></>}</span></p>
            {routes.length > 0 && <p class="small quiet">takes {routes.map(visible).join(', ')}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}
