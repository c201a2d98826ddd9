import type { JSX } from 'preact';
import type { ServerEvent, System } from '../../../src/api.ts';
import { useAnswer } from '../../data/answer.ts';
import { Failure, Screen, Wait } from '../../parts/screen.tsx';
import { Clock } from './clock-card.tsx';
import { Findings } from './findings.tsx';
import { Hosts } from './hosts.tsx';
import { JobTypes, Plugins } from './plugins.tsx';
import { Scheduler } from './scheduler-card.tsx';
import { Stores } from './stores.tsx';
import { Quarantined, Trust } from './trust.tsx';

/** Whether the machinery itself is well. */
export function SystemScreen(): JSX.Element {
  const { data, error } = useAnswer<System>('/api/system', { heard, every: ({ looking }) => (looking ? 2_000 : 15_000) });
  if (data === undefined) return <Screen title="System">{error === undefined ? <Wait /> : <Failure error={error} />}</Screen>;
  return (
    <Screen title="System" below={`Nightshift ${data.version}, Node ${data.node}, ${data.platform}${data.looking ? ' · still looking around …' : ''}`}>
      {error !== undefined && <Failure error={error} />}
      <div class="system-columns">
        <div class="column">
          <Scheduler scheduler={data.scheduler} />
          <Findings findings={data.findings} />
          <Quarantined files={data.quarantined} />
          <Plugins plugins={data.plugins} />
          <JobTypes types={data.jobTypes} />
        </div>
        <div class="column">
          <Clock clock={data.clock} />
          <Stores stores={data.stores} />
          <Hosts hosts={data.hosts} />
          <Trust trust={data.trust} />
        </div>
      </div>
    </Screen>
  );
}

function heard(event: ServerEvent, answer: System): System {
  return event.is === 'now' ? { ...answer, scheduler: { ...answer.scheduler, ...event.scheduler } } : answer;
}
