import type { JSX } from 'preact';
import type { Refused } from '../data/ask.ts';
import { Command } from '../parts/command.tsx';
import { Icon } from '../parts/icon.tsx';
import { visible } from '../words/safe-text.ts';

/** Whoever comes without the address that is printed sees nothing of the jobs; nor does who was there before the dashboard was started again. */
export function Locked({ why }: { readonly why: Refused }): JSX.Element {
  const isUnknown = why.status === 401;
  return (
    <main class="locked" id="main">
      <Icon name="moon" />
      <h1>{isUnknown ? 'Nightshift does not know this browser' : 'The server refuses to answer'}</h1>
      {!isUnknown && <p class="quiet">{visible(why.message)}</p>}
      {isUnknown && (
        <>
          <p class="quiet">Either it was never let in, or the dashboard was started again since: then everybody comes in anew.</p>
          <p>Open the address that stands in the terminal where the dashboard runs. Each is good once, and the next one is printed as soon as it was used. Where there is no such terminal, start the dashboard again:</p>
          <Command line="nightshift dashboard" />
          <p class="quiet small">This page goes on by itself when this browser was let in.</p>
        </>
      )}
    </main>
  );
}
