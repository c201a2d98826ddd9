import type { JSX } from 'preact';
import type { System, TrustRow } from '../../../src/api.ts';
import { Badge } from '../../parts/badge.tsx';
import { Moment } from '../../parts/moment.tsx';
import { visible } from '../../words/safe-text.ts';
import type { Look } from '../../words/states.ts';

const LOOKS: Readonly<Record<string, Look>> = { trusted: ['✓', 'green'], changed: ['!', 'yellow'], untrusted: ['–', 'grey'] };

export function Trust({ trust }: { readonly trust: readonly TrustRow[] }): JSX.Element | null {
  if (trust.length === 0) return null;
  return (
    <section class="card" aria-labelledby="trust">
      <header><h2 id="trust">Trust</h2></header>
      <ul class="plain-list">
        {trust.map(({ folder, standing, words }) => (
          <li key={folder}>
            <p><Badge look={LOOKS[standing] ?? ['?', 'grey']} word={standing} /> <span class="mono small">{visible(folder)}</span></p>
            {words !== '' && <p class="small quiet">{visible(words)}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Quarantined({ files }: { readonly files: System['quarantined'] }): JSX.Element | null {
  if (files.length === 0) return null;
  return (
    <section class="card" aria-labelledby="quarantined">
      <header><h2 id="quarantined"><span class="toned tone-red" aria-hidden="true">✗</span> Files that cannot be used</h2><span class="count">{files.length}</span></header>
      <ul class="plain-list small">
        {files.map(({ file, why, at }) => (
          <li key={file + why}>
            <p class="mono">{visible(file)}</p>
            <p class="quiet">{visible(why)}{at !== null && <>, <Moment at={at} /></>}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
