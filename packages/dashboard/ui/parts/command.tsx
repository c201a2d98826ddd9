import type { JSX } from 'preact';
import { announce } from '../announce.tsx';
import { Icon } from './icon.tsx';
import { visible } from '../words/safe-text.ts';

/** A line to type in a terminal, with a button that copies it. */
export function Command({ line }: { readonly line: string }): JSX.Element {
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(line);
      announce('copied');
    } catch {
      announce('the browser does not let this page copy');
    }
  };
  return (
    <div class="command-line">
      <code tabIndex={0}>{visible(line)}</code>
      <button type="button" class="button bare" onClick={copy} aria-label={`Copy: ${visible(line)}`} title="Copy">
        <Icon name="copy" />
      </button>
    </div>
  );
}
