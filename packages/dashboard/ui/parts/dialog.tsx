import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface DialogProps {
  readonly label: string;
  readonly class?: string;
  onClose(): void;
  readonly children: ComponentChildren;
}

/** The browser's own: focus stays inside, Escape and a click beside it close it, and focus goes back where it was. */
export function Dialog({ label, onClose, children, class: name }: DialogProps): JSX.Element {
  const box = useRef<HTMLDialogElement>(null);
  // Before the next key: who types at once loses none.
  useLayoutEffect(() => {
    const dialog = box.current;
    const before = document.activeElement;
    dialog?.showModal();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog ref={box} class={name} aria-label={label} onClose={onClose} onClick={(event) => event.target === box.current && onClose()}>
      {children}
    </dialog>
  );
}
