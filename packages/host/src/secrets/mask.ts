/** Shorter ones would hide half of every text. Source: S28. */
const SHORTEST = 6;

/**
 * What takes these secrets out of a text: as they are, and as URLs, JSON and base64 write them. Best effort, as every such
 * search. Of a secret of several lines each is one, without its indentation: what is read comes line by line.
 */
export function maskOf(secrets: readonly string[]): (text: string) => string {
  const parts = secrets.flatMap((secret) => [secret, ...secret.split('\n').map((line) => line.trim())]);
  // The longest first: what holds another one must go as a whole.
  const forms = [...new Set(parts.filter(isLong).flatMap(formsOf))].toSorted((a, b) => b.length - a.length);
  return (text) => forms.reduce((shown, form) => shown.replaceAll(form, '***'), text);
}

function isLong({ length }: string): boolean {
  return length >= SHORTEST;
}

function formsOf(secret: string): readonly string[] {
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), ...inBase64(secret)].filter(isLong);
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
