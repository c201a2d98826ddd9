/** Lets everybody else have their turn: of a process that answers, no long work may hold the rest up. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
