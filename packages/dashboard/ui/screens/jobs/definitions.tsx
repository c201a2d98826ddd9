import type { JSX } from 'preact';
import type { DefinitionRow, DefinitionsPage, FolderCount, ServerEvent } from '../../../src/api.ts';
import { address } from '../../data/ask.ts';
import { usePages } from '../../data/pages.ts';
import { Choice } from '../../parts/choice.tsx';
import { Icon } from '../../parts/icon.tsx';
import { More } from '../../parts/more.tsx';
import { Failure, Screen, Wait } from '../../parts/screen.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { go, place, withQuery } from '../../router.ts';
import { visible } from '../../words/safe-text.ts';
import { counted } from '../../words/times.ts';
import { DefinitionRows } from './definition-rows.tsx';
import { JobsTabs } from './jobs-tabs.tsx';

const ONLY = [['', 'All'], ['broken', 'Broken'], ['failed', 'Failed'], ['running', 'Running'], ['disabled', 'Disabled']] as const;
const SORT = [['', 'Name'], ['next', 'Next'], ['last', 'Last run']] as const;

/** Definitions by folder; those that are broken come first. */
export function DefinitionsScreen(): JSX.Element {
  const { query } = place.value;
  const word = (name: string): string | undefined => query.get(name) ?? undefined;
  const sort = word('sort');
  const url = address('/api/definitions', { text: word('text'), folder: word('folder'), only: word('only'), sort, order: sort === 'last' ? 'descending' : undefined });
  const page = usePages<DefinitionsPage, DefinitionRow>(url, SHAPE);
  const { data, error } = page;
  return (
    <Screen title="Jobs" beside={<JobsTabs current="definitions" />}>
      <div class="filters">
        <SearchField label="Search definitions" />
        <Choice name="only" label="Which definitions" values={ONLY} />
        <span class="filters-end"><span class="small quiet" id="sort-by">by</span><Choice name="sort" label="Order" values={SORT} /></span>
      </div>
      {error !== undefined && <Failure error={error} />}
      {data === undefined ? error === undefined && <Wait /> : (
        <div class="with-folders">
          <Folders folders={data.folders} current={query.get('folder')} />
          <section class="card" aria-label="Definitions">
            <header>
              <h2>{folderTitle(query.get('folder'))}</h2>
              <span class="count" role="status">{counted(data.total, 'definition')}{data.loading !== null && `, ${data.loading.done} of ${data.loading.total} files read`}</span>
            </header>
            {page.rows.length === 0 ? <None isFiltered={url.includes('?')} /> : <DefinitionRows definitions={page.rows} changed={page.again} showsFolder={!query.has('folder')} />}
            <More more={page.more} isLoading={page.isLoading} words={`Show more of ${data.total.toLocaleString('en')}`} />
          </section>
        </div>
      )}
    </Screen>
  );
}

const SHAPE = {
  rowsOf: ({ definitions }: DefinitionsPage) => definitions,
  cursorOf: ({ cursor }: DefinitionsPage) => cursor,
  heard(event: ServerEvent, page: DefinitionsPage): DefinitionsPage | 'again' {
    return event.is === 'definitions' || (event.is === 'jobs' && event.jobs.some(({ definitionKey }) => page.definitions.some(({ key }) => key === definitionKey))) ? 'again' : page;
  },
};

function folderTitle(folder: string | null): string {
  return folder === null ? 'All folders' : folder === '' ? 'Definition path' : visible(folder);
}

/** The folders beside the list; on a narrow screen a menu above it. */
function Folders({ folders, current }: { readonly folders: readonly FolderCount[]; readonly current: string | null }): JSX.Element | null {
  if (folders.length < 2 && current === null) return null;
  const all = folders.reduce((sum, { definitions }) => sum + definitions, 0);
  return (
    <>
      <nav class="folders" aria-label="Folders">
        <ul>
          <li><a href={withQuery({ folder: undefined })} aria-current={current === null ? 'true' : undefined}><span class="one-line">All folders</span><span class="count small">{all.toLocaleString('en')}</span></a></li>
          {folders.map(({ folder, definitions, broken }) => (
            <li key={folder}>
              <a href={folderLink(folder)} aria-current={current === folder ? 'true' : undefined} title={visible(folder)}>
                <Icon name="folder" />
                <span class="one-line">{folder === '' ? '.' : visible(folder)}</span>
                {broken > 0 && <span class="toned tone-red small"><span aria-hidden="true">✗</span> {broken}<span class="unseen"> broken</span></span>}
                <span class="count small">{definitions.toLocaleString('en')}</span>
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <select class="field folder-menu" aria-label="Folder" value={current ?? '*'} onChange={(event) => go(event.currentTarget.value === '*' ? withQuery({ folder: undefined }) : folderLink(event.currentTarget.value))}>
        <option value="*">All folders ({all})</option>
        {folders.map(({ folder, definitions }) => <option key={folder} value={folder}>{folder === '' ? '.' : visible(folder)} ({definitions})</option>)}
      </select>
    </>
  );
}

/** The definition path itself is the empty word, which an address keeps only if one writes it down. */
function folderLink(folder: string): string {
  const without = withQuery({ folder: undefined });
  return `${without}${without.includes('?') ? '&' : '?'}folder=${encodeURIComponent(folder)}`;
}

function None({ isFiltered }: { readonly isFiltered: boolean }): JSX.Element {
  return (
    <div class="empty">
      <Icon name="jobs" />
      {isFiltered ? <p>No definition is like that. <a href="/jobs">Show all</a></p> : <p>There are no definitions yet. <code>nightshift new Nightly --from backup</code> writes a first one.</p>}
    </div>
  );
}
