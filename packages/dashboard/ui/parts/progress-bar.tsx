import type { JSX } from 'preact';
import type { Progress } from '../../src/api.ts';
import { visible } from '../words/safe-text.ts';

interface BarProps {
  readonly progress: Progress | null;
  /** Where the job tells no progress: percent of its usual time. */
  readonly share?: number | undefined;
  readonly name: string;
}

/** How far it has come, by its own words or else by its usual time; nothing where neither is known. */
export function ProgressBar({ progress, share, name }: BarProps): JSX.Element | null {
  const percent = progress?.percent ?? (progress === null ? share : undefined);
  const words = progress === null ? undefined : [progress.activity, progress.status].filter((text) => text !== null && text !== '').map((text) => visible(text as string)).join(': ');
  if (percent === undefined && words === undefined) return null;
  return (
    <div class="progress tone-cyan">
      {percent !== undefined && (
        <div class="bar" role="progressbar" aria-label={progress === null ? `${visible(name)}, by its usual time` : visible(name)} aria-valuenow={Math.round(percent)} aria-valuemin={0} aria-valuemax={100}>
          <div style={{ width: `${percent}%` }} />
        </div>
      )}
      {words !== undefined && <p class="small quiet one-line">{progress !== null && progress.percent !== null && <span class="number">{Math.round(progress.percent)} % · </span>}{words}</p>}
    </div>
  );
}
