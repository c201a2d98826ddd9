/** Shorter ones would hide half of every text. Source: S28. */
const SHORTEST = 6;

/** A text without these secrets: as they are, and as URLs, JSON and base64 write them. Best effort, as every such search. */
export function masked(text: string, secrets: readonly string[]): string {
  const forms = secrets.filter((secret) => secret.length >= SHORTEST).flatMap(formsOf);
  // The longest first: what holds another one must go as a whole.
  return forms.toSorted((a, b) => b.length - a.length).reduce((shown, form) => shown.replaceAll(form, '***'), text);
}

function formsOf(secret: string): readonly string[] {
  return [...new Set([secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), ...inBase64(secret)])].filter(({ length }) => length >= SHORTEST);
}

/** What stays the same in base64 wherever the secret begins: the first and the last characters depend on their neighbours. */
function inBase64(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64').replace(/=+$/, '');
    const isWhole = (before + bytes.length) % 3 === 0;
    return encoded.slice(before === 0 ? 0 : before + 1, isWhole ? undefined : -1);
  });
}
