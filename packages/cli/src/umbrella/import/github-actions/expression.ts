/** `${{ … }}` in texts: what GitHub fills in before anything runs, and nothing here does. */
import type { Remarks } from '../remarks.ts';

const EXPRESSION = /\$\{\{([\s\S]*?)\}\}/g;
const SIMPLE = /^(secrets|env|vars|github|inputs|matrix|runner|needs|steps)\.([\w.-]+)$/;

export interface ExpressionPlace {
  readonly place: string;
  readonly remarks: Remarks;
  /** Variables that the job sets itself. */
  readonly known: ReadonlySet<string>;
}

/** The name of the secret when the text is nothing but `${{ secrets.NAME }}`. */
export function secretIn(text: string): string | undefined {
  return /^\s*\$\{\{\s*secrets\.([A-Za-z_]\w*)\s*\}\}\s*$/.exec(text)?.[1];
}

export function holdsExpression(text: string): boolean {
  return text.search(EXPRESSION) !== -1;
}

/**
 * A shell text in which every expression has become a variable. One that nobody sets ends the shell (`${NAME:?}`), so that no
 * command is ever run with a hole in it.
 */
export function withVariables(text: string, { place, remarks, known }: ExpressionPlace): string {
  const seen = new Set<string>();
  const replaced = text.replaceAll(EXPRESSION, (_, inner: string) => {
    const name = variableFor(inner.trim());
    const isKnown = /^env\./.test(inner.trim()) && known.has(name);
    if (!isKnown) seen.add(`${shorten(inner.trim())} became the variable ${name}`);
    return isKnown ? `\${${name}}` : `\${${name}:?}`;
  });
  if (seen.size > 0) remarks.lost(place, `expressions have no equal: ${[...seen].join(', ')}; give each a value, under job.environment or job.secrets`, 'job');
  return replaced;
}

/** GitHub's own names where its runner has them: `github.ref_name` is GITHUB_REF_NAME there. */
function variableFor(inner: string): string {
  const [, context = '', name = ''] = SIMPLE.exec(inner) ?? [];
  const bare = ['secrets', 'env', 'vars'].includes(context) ? name : inner;
  const valid = bare.replaceAll(/\W+/g, '_').replaceAll(/^_+|_+$/g, '').slice(0, 60);
  const cased = ['secrets', 'env', 'vars'].includes(context) ? valid : valid.toUpperCase();
  return /^[A-Za-z_]/.test(cased) ? cased : `EXPRESSION_${cased}`;
}

/** Without the braces: in a definition they would look like a template. */
function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return `"${line.length > 60 ? `${line.slice(0, 60)}…` : line}"`;
}
