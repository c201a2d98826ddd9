/**
 * The word that opens the answers of the server to this page, beside the cookie. It comes once, behind the # of the address, and is
 * kept where only pages of this very port can read it; the cookie goes to every port of the machine.
 */
const KEY = 'nightshift.word';
const GIVEN = /^#in=([\w-]{43})$/;

let held: string | undefined;

/** Before anybody reads the address: the word is no part of it. */
export function takeWord(): void {
  const given = GIVEN.exec(location.hash)?.[1];
  if (given !== undefined) {
    history.replaceState(null, '', location.pathname + location.search);
    keep(given);
  }
  // Somebody has come in anew in another tab.
  addEventListener('storage', ({ key, newValue }) => key === KEY && newValue !== null && location.reload());
}

export function word(): string {
  held ??= kept();
  return held;
}

function keep(given: string): void {
  held = given;
  try {
    localStorage.setItem(KEY, given);
  } catch {
    // A browser that keeps nothing: it holds until the page is closed.
  }
}

function kept(): string {
  try {
    return localStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}
