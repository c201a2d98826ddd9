import type { JSX } from 'preact';
import type { JobTypeRow, PluginRow } from '../../../src/api.ts';
import { Badge } from '../../parts/badge.tsx';
import { visible } from '../../words/safe-text.ts';
import type { Look } from '../../words/states.ts';

const LOOKS: Readonly<Record<string, Look>> = { 'built in': ['✓', 'grey'], trusted: ['✓', 'green'], 'not trusted': ['!', 'yellow'], changed: ['!', 'yellow'], lost: ['✗', 'red'] };

export function Plugins({ plugins }: { readonly plugins: readonly PluginRow[] }): JSX.Element | null {
  if (plugins.length === 0) return null;
  return (
    <section class="card" aria-labelledby="plugins">
      <header><h2 id="plugins">Plugins</h2><span class="count">{plugins.length}</span></header>
      <ul class="plain-list">
        {plugins.map((one) => (
          <li key={one.name}>
            <p><strong>{visible(one.name)}</strong> <span class="quiet small number">{one.version ?? ''}{one.contract !== null && `, contract ${one.contract}`}</span> <Badge look={LOOKS[one.state] ?? ['?', 'grey']} word={one.state} /></p>
            {one.types.length > 0 && <p class="small quiet">{one.types.map(visible).join(', ')}</p>}
            {one.path !== null && <p class="small quiet mono">{visible(one.path)}</p>}
            {one.problem !== null && <p class="small toned tone-red">{visible(one.problem)}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}

export function JobTypes({ types }: { readonly types: readonly JobTypeRow[] }): JSX.Element | null {
  if (types.length === 0) return null;
  return (
    <section class="card" aria-labelledby="job-types">
      <header><h2 id="job-types">Job types</h2><span class="count">{types.length}</span></header>
      <ul class="plain-list">
        {types.map((one) => (
          <li key={one.name}>
            <p><strong>{visible(one.name)}</strong> <span class="quiet small">{one.form}</span></p>
            <p class="small quiet">{visible(one.description)}</p>
            {one.capabilities.length > 0 && <p class="small">can: {one.capabilities.map(visible).join(', ')}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}
