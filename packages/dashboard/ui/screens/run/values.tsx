import type { JSX } from 'preact';
import { useSignal } from '@preact/signals';
import type { ResultValue } from '../../../src/api.ts';
import { visible } from '../../words/safe-text.ts';
import { counted } from '../../words/times.ts';

/** What it gave back, as trees that open branch by branch. */
export function Values({ values, more }: { readonly values: readonly ResultValue[]; readonly more: boolean }): JSX.Element | null {
  if (values.length === 0) return null;
  return (
    <section class="card" aria-labelledby="values">
      <header><h2 id="values">Results</h2><span class="count">{counted(values.length, 'value')}{more && ' and more'}</span></header>
      <div class="values mono">
        {values.map(({ jobId, seq, value }) => <Node key={`${jobId} ${seq}`} value={value} opens={values.length <= 3} depth={0} />)}
      </div>
    </section>
  );
}

interface NodeProps {
  readonly name?: string;
  readonly value: unknown;
  readonly opens: boolean;
  readonly depth: number;
}

/** So many branches of one knot are drawn before one asks for the others. */
const MOST = 100;

function Node({ name, value, opens, depth }: NodeProps): JSX.Element {
  const isOpen = useSignal(opens && depth < 2);
  const shown = useSignal(MOST);
  const label = name === undefined ? null : <span class="value-name">{visible(name)}: </span>;
  if (typeof value !== 'object' || value === null) return <p class="value-leaf">{label}<Leaf value={value} /></p>;
  const entries = Object.entries(value);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  if (entries.length === 0) return <p class="value-leaf">{label}{open}{close}</p>;
  return (
    <details class="value-knot" open={isOpen.value} onToggle={(event) => (isOpen.value = event.currentTarget.open)}>
      <summary>{label}<span class="quiet">{open} {counted(entries.length, Array.isArray(value) ? 'entry' : 'key', Array.isArray(value) ? 'entries' : 'keys')} {close}</span></summary>
      {isOpen.value && entries.slice(0, shown.value).map(([key, below]) => <Node key={key} name={key} value={below} opens={opens} depth={depth + 1} />)}
      {isOpen.value && entries.length > shown.value && <button type="button" class="button bare" onClick={() => (shown.value += 1_000)}>{entries.length - shown.value} more</button>}
    </details>
  );
}

function Leaf({ value }: { readonly value: unknown }): JSX.Element {
  if (typeof value === 'string') return <span class="toned tone-green">{visible(JSON.stringify(value))}</span>;
  return <span class="toned tone-blue">{String(value)}</span>;
}
