import type { JSX } from 'preact';
import { shortcuts } from '../keyboard.ts';
import { Dialog } from '../parts/dialog.tsx';

/** What can be pressed here and now. */
export function KeyList({ close }: { close(): void }): JSX.Element {
  return (
    <Dialog label="Keys" onClose={close}>
      <div class="dialog-body">
        <h2>Keys</h2>
        <dl class="key-list">
          {shortcuts().map(({ keys, says }) => (
            <>
              <dt>{keys.split(' ').map((key) => <><kbd>{key === 'ctrl+k' ? 'Ctrl K' : key}</kbd> </>)}</dt>
              <dd>{says}</dd>
            </>
          ))}
          <dt><kbd>Tab</kbd> <kbd>Enter</kbd></dt>
          <dd>go through what can be pressed, and press it</dd>
          <dt><kbd>Esc</kbd></dt>
          <dd>close what lies over the page</dd>
        </dl>
      </div>
      <div class="dialog-foot">
        <button type="button" class="button" onClick={close}>Close</button>
      </div>
    </Dialog>
  );
}
