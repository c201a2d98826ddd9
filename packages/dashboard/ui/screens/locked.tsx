import type { JSX } from 'preact';
import type { Refused } from '../data/ask.ts';
import { Command } from '../parts/command.tsx';
import { Icon } from '../parts/icon.tsx';
import { visible } from '../words/safe-text.ts';

/** Whoever comes without the address that is printed sees nothing of the jobs. */
export function Locked({ why }: { readonly why: Refused }): JSX.Element {
  const isUnknown = why.status === 401;
  return (
    <main class="locked" id="main">
      <Icon name="moon" />
      <h1>{isUnknown ? 'This page opens by the address that is printed' : 'The server refuses to answer'}</h1>
      <p class="quiet">{isUnknown ? 'The dashboard lets in who has its one-time address. A new one is printed by:' : visible(why.message)}</p>
      {isUnknown && <Command line="nightshift dashboard" />}
    </main>
  );
}
