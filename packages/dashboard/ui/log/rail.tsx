import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';

interface RailProps {
  readonly controls: string;
  readonly label: string;
  /** Bytes: of the first line that is seen, of the whole, and of what is seen. */
  readonly top: number;
  readonly size: number;
  readonly shown: number;
  jump(at: number): void;
}

const LEAST = 26;

/** A scrollbar over the whole file, of which only a window is there. By keys the lines themselves are moved. */
export function Rail({ controls, label, top, size, shown, jump }: RailProps): JSX.Element {
  const track = useRef<HTMLDivElement>(null);
  const isHeld = useRef(false);
  const share = Math.min(1, top / Math.max(1, size - shown));
  const drag = (event: PointerEvent): void => {
    const box = track.current?.getBoundingClientRect();
    if (box === undefined || !isHeld.current) return;
    const [length, place] = [box.height - LEAST, event.clientY - box.top - LEAST / 2];
    const wanted = Math.min(1, Math.max(0, place / length));
    jump(wanted >= 0.999 ? size : Math.floor(wanted * size));
  };
  return (
    <div
      ref={track} class="log-rail" role="scrollbar" aria-orientation="vertical" aria-controls={controls} aria-label={`${label}: place in the whole log`} aria-valuenow={Math.round(share * 100)} aria-valuemin={0} aria-valuemax={100}
      onPointerDown={(event) => {
        isHeld.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
        drag(event);
      }}
      onPointerMove={drag}
      onPointerUp={() => (isHeld.current = false)}
      onPointerCancel={() => (isHeld.current = false)}
    >
      {shown < size && <div class="log-thumb" style={{ top: `calc(${share} * (100% - ${LEAST}px))`, height: `${LEAST}px` }} />}
    </div>
  );
}
