import type { ComponentChildren, JSX } from 'preact';
import type { Tone } from '../words/states.ts';
import { visible } from '../words/safe-text.ts';

interface NoticeProps {
  readonly tone: Tone;
  readonly title: string;
  readonly children?: ComponentChildren;
}

export function Notice({ tone, title, children }: NoticeProps): JSX.Element {
  return (
    <div class={`notice tone-${tone}`}>
      <strong>{visible(title)}</strong>
      {children}
    </div>
  );
}

export function Empty({ children }: { readonly children: ComponentChildren }): JSX.Element {
  return <div class="empty">{children}</div>;
}
