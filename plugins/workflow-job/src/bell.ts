/** Something has happened: a ring that nobody waits for is heard by the next who does. */
export interface Bell {
  ring(): void;
  heard(): Promise<void>;
}

export function newBell(): Bell {
  let hasRung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      hasRung = true;
      wake?.();
    },
    async heard() {
      if (!hasRung) await new Promise<void>((resolve) => (wake = resolve));
      hasRung = false;
      wake = undefined;
    },
  };
}
