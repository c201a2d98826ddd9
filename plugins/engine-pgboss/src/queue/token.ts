import type { Held } from '../boss.ts';

/**
 * The entry behind a lease, as one text. pg-boss raises `retryCount` whenever an entry is taken again, so the two together
 * are its fence; our own attempts are counted by us.
 */
export function tokenOf({ id, retryCount }: Held): string {
  return `${id}/${retryCount}`;
}

export function heldOf(token: string): Held {
  const [id = '', retryCount = ''] = token.split('/');
  return { id, retryCount: Number(retryCount) };
}
