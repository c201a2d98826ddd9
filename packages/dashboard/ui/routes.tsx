import type { JSX } from 'preact';
import { CalendarScreen } from './screens/calendar/calendar.tsx';
import { DefinitionScreen } from './screens/jobs/definition.tsx';
import { DefinitionsScreen } from './screens/jobs/definitions.tsx';
import { RunsScreen } from './screens/jobs/runs.tsx';
import { NowScreen } from './screens/now/now.tsx';
import { RunScreen } from './screens/run/run.tsx';
import { SystemScreen } from './screens/system/system.tsx';

export type Section = 'now' | 'jobs' | 'calendar' | 'system';

/** What stands at an address. */
export interface Route {
  readonly section: Section | undefined;
  /** Changes when another thing is shown, so that nothing of the last one stays. */
  readonly key: string;
  readonly screen: JSX.Element;
}

/** `/`, `/jobs`, `/jobs/NAMESPACE/NAME`, `/runs`, `/runs/ID`, `/calendar`, `/system`. */
export function routeOf(path: string): Route {
  const [first = '', ...rest] = path.split('/').filter((part) => part !== '').map(decoded);
  const [second, third] = rest;
  if (first === '') return { section: 'now', key: 'now', screen: <NowScreen /> };
  if (first === 'jobs' && second !== undefined && third !== undefined) return { section: 'jobs', key: path, screen: <DefinitionScreen namespace={second} name={third} /> };
  if (first === 'jobs' && second === undefined) return { section: 'jobs', key: 'jobs', screen: <DefinitionsScreen /> };
  if (first === 'runs' && second === undefined) return { section: 'jobs', key: 'runs', screen: <RunsScreen /> };
  if (first === 'runs' && second !== undefined && third === undefined) return { section: 'jobs', key: path, screen: <RunScreen id={second} /> };
  if (first === 'calendar' && second === undefined) return { section: 'calendar', key: 'calendar', screen: <CalendarScreen /> };
  if (first === 'system' && second === undefined) return { section: 'system', key: 'system', screen: <SystemScreen /> };
  return { section: undefined, key: path, screen: <Nowhere /> };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function Nowhere(): JSX.Element {
  return (
    <div class="empty">
      <h1>Nothing is kept here</h1>
      <p>The address leads nowhere. <a href="/">What happens now</a></p>
    </div>
  );
}
