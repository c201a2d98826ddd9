import { useEffect, useRef, useState } from 'preact/hooks';
import type { ServerEvent } from '../../src/api.ts';
import { useAnswer, type Answered } from './answer.ts';
import { ask, Refused } from './ask.ts';

/** A listing that comes page by page. */
export interface Paged<Page, Row> extends Answered<Page> {
  /** The rows of all pages that were asked for. */
  readonly rows: readonly Row[];
  /** Undefined: there are no more. */
  readonly more: (() => void) | undefined;
  readonly isLoading: boolean;
}

interface Shape<Page, Row> {
  rowsOf(page: Page): readonly Row[];
  cursorOf(page: Page): string | null;
  heard?(event: ServerEvent, page: Page): Page | 'again';
}

/** The first page stays as new as it can be; what came after it begins where the first one ended when it was asked for. */
export function usePages<Page, Row>(url: string | undefined, shape: Shape<Page, Row>): Paged<Page, Row> {
  const first = useAnswer<Page>(url, shape.heard === undefined ? {} : { heard: shape.heard });
  const [further, setFurther] = useState<{ readonly url: string | undefined; readonly pages: readonly Page[] }>({ url, pages: [] });
  const [isLoading, setLoading] = useState(false);
  const current = useRef(url);
  current.current = url;
  const pages = further.url === url ? further.pages : [];
  const last = pages.at(-1) ?? first.data;
  const cursor = last === undefined ? null : shape.cursorOf(last);
  useEffect(() => setFurther({ url, pages: [] }), [url]);
  const more = async (): Promise<void> => {
    if (isLoading || url === undefined || cursor === null) return;
    setLoading(true);
    try {
      const page = await ask<Page>(`${url}${url.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`);
      if (current.current === url) setFurther((before) => ({ url, pages: [...(before.url === url ? before.pages : []), page] }));
    } catch (cause) {
      if (!(cause instanceof Refused)) throw cause;
      // A cursor that is too old: from the beginning.
      first.again();
      setFurther({ url, pages: [] });
    } finally {
      setLoading(false);
    }
  };
  const rows = [...(first.data === undefined ? [] : shape.rowsOf(first.data)), ...pages.flatMap(shape.rowsOf)];
  return { ...first, rows, more: cursor === null ? undefined : () => void more(), isLoading };
}
