import type { JSX } from 'preact';
import { session } from './data/session.ts';
import { Refused } from './data/ask.ts';
import { Icon, type IconName } from './parts/icon.tsx';
import type { Section } from './routes.tsx';
import { foreignZone } from './words/times.ts';

interface Entry {
  readonly section: Section;
  readonly label: string;
  readonly href: string;
  readonly keys: string;
  readonly icon: IconName;
}

export const SECTIONS: readonly Entry[] = [
  { section: 'now', label: 'Now', href: '/', keys: 'g n', icon: 'now' },
  { section: 'jobs', label: 'Jobs', href: '/jobs', keys: 'g j', icon: 'jobs' },
  { section: 'calendar', label: 'Calendar', href: '/calendar', keys: 'g c', icon: 'calendar' },
  { section: 'system', label: 'System', href: '/system', keys: 'g s', icon: 'system' },
];

/** The screens, at the side; on a phone below. */
export function Rail({ section }: { readonly section: Section | undefined }): JSX.Element {
  const known = session.value;
  const zone = known === undefined ? undefined : foreignZone();
  return (
    <aside class="rail" aria-label="Nightshift">
      <a class="brand" href="/">
        <Icon name="moon" />
        Nightshift
      </a>
      <nav aria-label="Screens">
        <ul>
          {SECTIONS.map((entry) => (
            <li key={entry.section}>
              <a href={entry.href} aria-current={entry.section === section ? 'page' : undefined}>
                <Icon name={entry.icon} />
                {entry.label}
                <kbd aria-hidden="true">{entry.keys}</kbd>
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div class="rail-foot small quiet">
        {zone !== undefined && <p>Times in {zone}</p>}
        {known !== undefined && !(known instanceof Refused) && (
          <p>
            {known.writes ? '' : 'Read-only · '}
            {known.version}
          </p>
        )}
        <p>
          <kbd>?</kbd> shows the keys
        </p>
      </div>
    </aside>
  );
}
