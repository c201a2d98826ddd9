import type { JSX } from 'preact';
import type { System } from '../../../src/api.ts';
import { Badge } from '../../parts/badge.tsx';
import { Command } from '../../parts/command.tsx';
import { visible } from '../../words/safe-text.ts';
import type { Look } from '../../words/states.ts';

const LOOKS: Readonly<Record<string, readonly [word: string, look: Look]>> = { ok: ['ok', ['✓', 'green']], doubtful: ['doubtful', ['!', 'yellow']], bad: ['bad', ['✗', 'red']] };

/** What `nightshift doctor` says; what is well only when asked. */
export function Findings({ findings }: { readonly findings: System['findings'] }): JSX.Element | null {
  if (findings.length === 0) return null;
  const [well, ill] = [findings.filter(({ verdict }) => verdict === 'ok'), findings.filter(({ verdict }) => verdict !== 'ok')];
  return (
    <section class="card" aria-labelledby="findings">
      <header><h2 id="findings">Health</h2>{ill.length === 0 && <Badge look={['✓', 'green']} word="all is well" />}<span class="small quiet">nightshift doctor</span></header>
      {ill.length > 0 && <Rows findings={ill} />}
      {well.length > 0 && <details><summary>{well.length} checked and well</summary><Rows findings={well} /></details>}
    </section>
  );
}

function Rows({ findings }: { readonly findings: System['findings'] }): JSX.Element {
  return (
    <ul class="plain-list">
      {findings.map(({ subject, verdict, text, fix }) => {
        const [word, look] = LOOKS[verdict] ?? [verdict, ['?', 'grey'] as const];
        return (
          <li key={subject + text}>
            <p><Badge look={look} word={word} /> <strong>{visible(subject)}</strong> <span class="quiet">{visible(text)}</span></p>
            {fix !== null && <Command line={fix} />}
          </li>
        );
      })}
    </ul>
  );
}
