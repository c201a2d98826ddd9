import type { JSX } from 'preact';
import { place, withQuery } from '../router.ts';

/** One of a few, as links: each is an address. The first is what holds without a word in the address. */
export function Choice<Value extends string>({ name, label, values }: { readonly name: string; readonly label: string; readonly values: readonly (readonly [value: Value | '', text: string])[] }): JSX.Element {
  const chosen = place.value.query.get(name) ?? '';
  return (
    <div class="choice" role="group" aria-label={label}>
      {values.map(([value, text]) => <a key={value} href={withQuery({ [name]: value })} aria-current={value === chosen ? 'true' : undefined}>{text}</a>)}
    </div>
  );
}
