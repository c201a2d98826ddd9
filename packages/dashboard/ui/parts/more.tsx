import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** Comes to the end of what is shown and asks for more, by itself or by a press. */
export function More({ more, isLoading, words }: { readonly more: (() => void) | undefined; readonly isLoading: boolean; readonly words: string }): JSX.Element | null {
  const mark = useRef<HTMLDivElement>(null);
  const act = useRef(more);
  act.current = more;
  const isThere = more !== undefined;
  useEffect(() => {
    if (mark.current === null || isLoading) return undefined;
    const watch = new IntersectionObserver(([entry]) => entry?.isIntersecting === true && act.current?.(), { rootMargin: '400px' });
    watch.observe(mark.current);
    return () => watch.disconnect();
  }, [isThere, isLoading]);
  if (more === undefined) return null;
  return (
    <div class="more" ref={mark}>
      <button type="button" class="button" onClick={more} disabled={isLoading}>{isLoading ? 'one moment …' : words}</button>
    </div>
  );
}
