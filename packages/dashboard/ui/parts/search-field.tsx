import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { after } from '../clock.ts';
import { go, place, withQuery } from '../router.ts';

/** A search that is part of the address: `?text=`. Waits until the typing pauses. */
export function SearchField({ label, name = 'text' }: { readonly label: string; readonly name?: string }): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  const pause = useRef((): void => {});
  const value = place.value.query.get(name) ?? '';
  useEffect(() => {
    if (field.current !== null && document.activeElement !== field.current) field.current.value = value;
  }, [value]);
  const typed = (text: string): void => {
    pause.current();
    pause.current = after(180, () => go(withQuery({ [name]: text }), { replace: true }));
  };
  return (
    <input
      ref={field} class="field search-field" type="search" aria-label={label} placeholder={label} defaultValue={value} spellcheck={false} autocomplete="off"
      onInput={(event) => typed(event.currentTarget.value)} onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
    />
  );
}
