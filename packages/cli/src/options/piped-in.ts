import { fstatSync } from 'node:fs';

/** Whether standard input comes from another program. */
export function isPipedIn(): boolean {
  try {
    const facts = fstatSync(0);
    return facts.isFIFO() || facts.isSocket();
  } catch {
    // It is closed.
    return false;
  }
}
