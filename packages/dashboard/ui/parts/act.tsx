import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { mayWrite } from '../data/session.ts';
import { visible } from '../words/safe-text.ts';
import { Command } from './command.tsx';
import { Dialog } from './dialog.tsx';
import { Icon, type IconName } from './icon.tsx';

interface ActProps {
  readonly label: string;
  /** Whom it is about, for who does not see the row: `Stop Build (7)`. */
  readonly subject: string;
  readonly icon?: IconName;
  readonly danger?: boolean;
  /** What happens then, in one sentence. */
  readonly says: ComponentChildren;
  /** The same by hand. */
  readonly command?: string | undefined;
  run(): Promise<unknown>;
}

/** A button that asks first; where nothing may be written it offers the command instead. */
export function Act({ label, subject, icon, danger, says, command, run }: ActProps): JSX.Element {
  const isOpen = useSignal(false);
  const isBusy = useSignal(false);
  const act = async (): Promise<void> => {
    isBusy.value = true;
    await run();
    isBusy.value = false;
    isOpen.value = false;
  };
  return (
    <>
      <button type="button" class={`button${danger === true ? ' danger' : ''}`} onClick={() => (isOpen.value = true)} aria-label={`${label} ${visible(subject)}`} aria-haspopup="dialog">
        {icon !== undefined && <Icon name={icon} />}
        {label}
      </button>
      {isOpen.value && (
        <Dialog label={`${label} ${visible(subject)}`} class="ask" onClose={() => (isOpen.value = false)}>
          <div class="dialog-body">
            <h2>{label} {visible(subject)}{mayWrite() ? '?' : ''}</h2>
            {mayWrite() ? <p>{says}</p> : <p>This dashboard only shows. In a terminal:</p>}
            {command !== undefined && <Command line={command} />}
          </div>
          <div class="dialog-foot">
            <button type="button" class="button" autofocus={danger === true || !mayWrite()} onClick={() => (isOpen.value = false)}>{mayWrite() ? 'Leave it' : 'Close'}</button>
            {mayWrite() && <button type="button" class="button main" autofocus={danger !== true} disabled={isBusy.value} onClick={act}>{label}</button>}
          </div>
        </Dialog>
      )}
    </>
  );
}
