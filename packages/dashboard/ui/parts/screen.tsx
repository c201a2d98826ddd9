import type { ComponentChildren, JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { ErrorFacts } from '../../src/api.ts';
import type { Refused } from '../data/ask.ts';
import { visible } from '../words/safe-text.ts';
import { Command } from './command.tsx';
import { Notice } from './notice.tsx';

interface ScreenProps {
  /** The heading, and the title of the window unless `name` is that. */
  readonly title: string;
  readonly name?: string;
  readonly above?: ComponentChildren;
  readonly below?: ComponentChildren;
  readonly beside?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** The head of every screen, and the title of its window. */
export function Screen({ title, name, above, below, beside, children }: ScreenProps): JSX.Element {
  useEffect(() => {
    document.title = `${name === undefined || name === title ? '' : `${name}: `}${title} · Nightshift`;
  }, [title, name]);
  return (
    <>
      <div class="screen-head">
        <div class="screen-title">
          {above !== undefined && <div class="small quiet">{above}</div>}
          <h1 title={visible(title)}>{visible(title)}</h1>
          {below !== undefined && <div class="quiet screen-below">{below}</div>}
        </div>
        {beside !== undefined && <div class="buttons">{beside}</div>}
      </div>
      {children}
    </>
  );
}

/** For the moment before an answer: nothing jumps when it comes at once. */
export function Wait(): JSX.Element {
  return <p class="wait late" role="status">one moment …</p>;
}

export function Failure({ error: { facts } }: { readonly error: Refused }): JSX.Element {
  return <ErrorNotice facts={facts} />;
}

export function ErrorNotice({ facts }: { readonly facts: ErrorFacts }): JSX.Element {
  return (
    <Notice tone="red" title={`${facts.code}: ${facts.message}`}>
      {facts.excerpt !== undefined && <pre class="small">{visible(facts.excerpt)}</pre>}
      {facts.hint !== undefined && (/^(nightshift|[a-z]+-job\b|[a-z]+-scheduled-job\b)/.test(facts.hint) ? <Command line={facts.hint} /> : <p class="small">{visible(facts.hint)}</p>)}
    </Notice>
  );
}
