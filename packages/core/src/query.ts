import { asciiLower, FINISHED_STATES, isFinished, isJobError, JOB_STATES, type Instance, type InstanceQuery, type JobError, type JobState, type JobStore, type Reading } from '@nightshift/sdk';
import { ambiguousId, ambiguousInstanceId, isAboutOneRun, noSelector, noSuchId, noSuchInstanceId, noSuchName, unknownFilterKey } from './errors.ts';
import { viewOf, type JobView } from './job-view.ts';
import type { CoreParts } from './parts.ts';
import { reconcile } from './reconcile.ts';
import { hasWildcard, matchesWildcard } from './wildcard.ts';

/** Which jobs are meant. Source: cli.md section 3, jobs.md section 7. */
export interface JobSelector {
  /** Ids, instance ids, their prefixes and suffixes, names: told apart by their form. */
  readonly words?: readonly string[];
  readonly ids?: readonly number[];
  readonly instanceIds?: readonly string[];
  readonly names?: readonly string[];
  readonly states?: readonly JobState[];
  /** Wildcards; compared after trimming both sides. */
  readonly command?: string;
  /** Keys of the job object, `before` and `after`; all must match. */
  readonly filters?: readonly (readonly [key: string, value: string])[];
}

/** A job with its children, fresh from its store. */
export interface Selected {
  readonly instance: Instance;
  readonly children: readonly Instance[];
  /** Everything below it, each followed by what is below that, in id order. Default: the children, which have none. */
  readonly below?: readonly Instance[];
  readonly store: JobStore;
}

/** What was found, in the order it was asked for, and what was not. */
export interface Selection {
  readonly jobs: readonly Selected[];
  readonly problems: readonly JobError[];
}

const UNFINISHED = JOB_STATES.filter((state) => !isFinished(state));
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const UUID_PART = /^[0-9a-f-]{8,35}$/i;

/** True when nothing at all narrows the jobs. */
export function isEmpty(selector: JobSelector): boolean {
  return ['words', 'ids', 'instanceIds', 'names', 'states', 'command', 'filters'].every((key) => selector[key as keyof JobSelector] === undefined);
}

/**
 * The jobs that a verb other than get-job acts on. `childNames`: whether a name may be a child's.
 * Throws `MissingMandatoryParameter` without a selector.
 */
export async function selectJobs(parts: CoreParts, selector: JobSelector, { childNames = true }: { readonly childNames?: boolean } = {}): Promise<Selection> {
  if (isEmpty(selector)) throw noSelector();
  const finder = await openFinder(parts, childNames);
  const found = hasNames(selector) ? await byNames(finder, selector) : (await finder.find({ topLevel: true }));
  const fresh = await freshened(parts, withoutTwins(found), finder.problems);
  const jobs = fresh.filter((job) => meetsConditions(job, selector));
  return { jobs: await filtered(parts, jobs, selector.filters ?? []), problems: finder.problems };
}

/** What get-job shows without a selector: all unfinished jobs and the newest finished ones. `left`: how many older ones there are. */
export async function listJobs(parts: CoreParts, newest: number | undefined): Promise<Selection & { readonly left: number }> {
  const finder = await openFinder(parts);
  // First, since an unfinished job may turn out to be finished when it is looked at.
  await freshened(parts, await finder.find({ topLevel: true, states: UNFINISHED }), finder.problems);
  const unfinished = await finder.find({ topLevel: true, states: UNFINISHED });
  const finished = newest === undefined ? await finder.find({ topLevel: true, states: FINISHED_STATES }) : newestOf(await finder.find({ topLevel: true, newest }), newest);
  // Fewer than asked for: then they are all, whatever ends while we count.
  const left = newest === undefined || finished.length < newest ? 0 : (await finder.count({ topLevel: true, states: FINISHED_STATES })) - finished.length;
  const jobs = await freshened(parts, inIdOrder([...unfinished, ...finished]), finder.problems);
  return { jobs, problems: finder.problems, left };
}

/** Every job, in id order, a few at a time: there may be more of them than fit into memory. `problems` grows meanwhile. */
export async function everyJob(parts: CoreParts): Promise<{ readonly pages: AsyncGenerator<readonly Selected[]>; readonly problems: readonly JobError[] }> {
  const finder = await openFinder(parts);
  await freshened(parts, await finder.find({ topLevel: true, states: UNFINISHED }), finder.problems);
  return { pages: pagesOf(parts, finder), problems: finder.problems };
}

/** Jobs of a page, of each store. */
const PAGE = 500;

async function* pagesOf(parts: CoreParts, finder: Finder): AsyncGenerator<readonly Selected[]> {
  for (let above = 0; ; ) {
    const found = withoutTwins(inIdOrder(await finder.find({ topLevel: true, above, first: PAGE })));
    // Beyond the lowest so many there may be others between, of a store that gave a whole page.
    const last = found[PAGE - 1]?.instance.id;
    // One of each store may have the same id.
    const page = found.filter(({ instance: { id } }, index) => index < PAGE || id === last);
    if (page.length === 0) return;
    above = (page.at(-1) as Selected).instance.id;
    yield freshened(parts, page, finder.problems);
  }
}

/** The `count` jobs with the latest end, in id order. */
export function newestOf<T extends { readonly instance: Instance }>(jobs: readonly T[], count: number): T[] {
  const finished = jobs.filter(({ instance }) => instance.endTime !== undefined);
  const byEnd = finished.toSorted((a, b) => Number(b.instance.endTime) - Number(a.instance.endTime) || b.instance.id - a.instance.id);
  return inIdOrder(byEnd.slice(0, count));
}

export function inIdOrder<T extends { readonly instance: Instance }>(jobs: readonly T[]): T[] {
  return jobs.toSorted((a, b) => a.instance.id - b.instance.id);
}

/** The jobs as people see them. */
export async function viewsOf(parts: CoreParts, jobs: readonly Selected[]): Promise<readonly JobView[]> {
  const readings = await readingsOf(parts, jobs.flatMap(runsOf));
  return jobs.map((job) => viewOf(job.instance, job.children, readings, belowOf(job)));
}

/** Nothing is known of what was received when the session store cannot be read: the other store's jobs are shown all the same. */
async function readingsOf({ stores }: CoreParts, runs: readonly Instance[]): Promise<ReadonlyMap<string, Reading>> {
  let session: JobStore;
  try {
    session = stores.session();
  } catch (cause) {
    if (isJobError(cause)) return new Map();
    throw cause;
  }
  return session.reading(runs.map(({ instanceId }) => instanceId));
}

/** The instances of a job that run something: itself, or its children, and whatever these have started. */
export function runsOf(job: Selected): readonly Instance[] {
  return job.instance.run === undefined && job.children.length > 0 ? belowOf(job) : [job.instance, ...belowOf(job)];
}

/** Of those the ones that a wish speaks to: what they have started is theirs. */
export function ownRunsOf({ instance, children }: Selected): readonly Instance[] {
  return instance.run !== undefined || children.length === 0 ? [instance] : children;
}

export function belowOf({ children, below }: Selected): readonly Instance[] {
  return below ?? children;
}

/** Everything below a job, each with what is below it. */
export function familiesBelow({ below, children, store }: Selected): readonly Selected[] {
  const all = below ?? children;
  const byParent = Map.groupBy(all, ({ parentId }) => parentId as number);
  return all.map((instance) => ({ instance, children: byParent.get(instance.id) ?? [], below: depthFirst(instance.id, byParent), store }));
}

function depthFirst(id: number, byParent: ReadonlyMap<number, readonly Instance[]>): readonly Instance[] {
  return (byParent.get(id) ?? []).flatMap((child) => [child, ...depthFirst(child.id, byParent)]);
}

/** A job that was looked at, and as people see it. */
export interface LookedAt extends Selected {
  readonly view: JobView;
}

/** Jobs that somebody has found in a store, as they are now: the runs of those that are unfinished are looked at. In the order given. */
export async function lookAt(parts: CoreParts, found: readonly Pick<Selected, 'instance' | 'store'>[]): Promise<{ readonly jobs: readonly LookedAt[]; readonly problems: readonly JobError[] }> {
  const problems: JobError[] = [];
  const jobs = await freshened(parts, found.map(({ instance, store }) => ({ instance, store, children: [] })), problems);
  const views = await viewsOf(parts, jobs);
  return { jobs: jobs.map((job, index) => ({ ...job, view: views[index] as JobView })), problems };
}

/** The job as its store has it now; undefined when it was removed meanwhile. A run that cannot be looked at is one of the `problems`. */
export async function lookAgain(parts: CoreParts, { instance, store }: Selected, problems: JobError[]): Promise<Selected | undefined> {
  const [again] = await store.find({ ids: [instance.id] });
  if (again === undefined) return undefined;
  const [fresh] = await freshened(parts, [{ instance: again, children: [], store }], problems);
  return fresh;
}

/** Both stores as one; what cannot be read becomes one problem, and the other store still answers. */
interface Finder {
  readonly problems: JobError[];
  readonly childNames: boolean;
  /** A problem, unless a store could not be asked: that one may have it. */
  missing(problem: JobError): void;
  find(query: InstanceQuery): Promise<Selected[]>;
  count(query: InstanceQuery): Promise<number>;
}

async function openFinder(parts: CoreParts, childNames = true): Promise<Finder> {
  const problems: JobError[] = [];
  const stores: JobStore[] = [];
  for (const open of [() => parts.stores.session(), () => parts.stores.durable()]) {
    try {
      const store = open();
      if (store !== undefined) stores.push(store);
    } catch (cause) {
      // A store that cannot be read must not hide the other's jobs (jobs.md 7.4).
      problems.push(cause as JobError);
    }
  }
  if (stores.length === 0) throw problems[0] as JobError;
  const [opened, unopened] = [stores.length, problems.length];
  return {
    problems,
    childNames,
    missing: (problem) => void (unopened === 0 && stores.length === opened ? problems.push(problem) : undefined),
    find: async (query) => (await fromEach(stores, problems, async (store) => (await store.find(query)).map((instance) => ({ instance, children: [], store })))).flat(),
    count: async (query) => (await fromEach(stores, problems, (store) => store.count(query))).reduce((sum, count) => sum + count, 0),
  };
}

/** Damage may show only when a store is looked into: it is one problem, and that store is asked no more. */
async function fromEach<T>(stores: JobStore[], problems: JobError[], ask: (store: JobStore) => Promise<T>): Promise<T[]> {
  const answers = await Promise.allSettled(stores.map(ask));
  const failed = stores.filter((_, index) => answers[index]?.status === 'rejected');
  for (const answer of answers) {
    if (answer.status === 'rejected' && !isJobError(answer.reason)) throw answer.reason;
    if (answer.status === 'rejected') problems.push(answer.reason as JobError);
  }
  for (const store of failed) stores.splice(stores.indexOf(store), 1);
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
}

/** Reconciles the runs of unfinished jobs and gives each job its children. */
async function freshened(parts: CoreParts, found: readonly Selected[], problems: JobError[]): Promise<Selected[]> {
  const fresh = new Map<string, Selected>();
  for (const store of new Set(found.map((job) => job.store))) {
    const jobs = found.filter((job) => job.store === store);
    const below = await store.find({ below: jobs.map(({ instance }) => instance.id) });
    const byParent = Map.groupBy(below, ({ parentId }) => parentId as number);
    for (const job of jobs) fresh.set(job.instance.instanceId, await freshJob(parts, store, job.instance, depthFirst(job.instance.id, byParent), problems));
  }
  return found.map(({ instance }) => fresh.get(instance.instanceId) as Selected);
}

async function freshJob(parts: CoreParts, store: JobStore, instance: Instance, below: readonly Instance[], problems: JobError[]): Promise<Selected> {
  const look = async (run: Instance): Promise<Instance> => (isFinished(run.state) ? run : looked(parts, store, run, problems));
  // What a job has started may outlive it.
  const [self, ...fresh] = (await Promise.all([instance, ...below].map(look))) as [Instance, ...Instance[]];
  const isParent = instance.run === undefined && !isFinished(instance.state) && fresh.some((child, index) => child !== below[index]);
  const [parent] = isParent ? await store.find({ ids: [instance.id] }) : [self];
  return { instance: parent ?? instance, children: fresh.filter(({ parentId }) => parentId === instance.id), below: fresh, store };
}

/** One that cannot be looked at is a problem of its own, told once: the others are shown all the same. */
async function looked(parts: CoreParts, store: JobStore, run: Instance, problems: JobError[]): Promise<Instance> {
  try {
    return (await reconcile(parts, store, run)) ?? run;
  } catch (cause) {
    if (!isAboutOneRun(cause)) throw cause;
    if (!problems.some(({ message }) => message === cause.message)) problems.push(cause);
    const [now = run] = await store.find({ ids: [run.id] });
    return now;
  }
}

function hasNames({ words, ids, instanceIds, names }: JobSelector): boolean {
  return [words, ids, instanceIds, names].some((list) => list !== undefined);
}

async function byNames(finder: Finder, selector: JobSelector): Promise<Selected[]> {
  const found: Selected[] = [];
  const lookUp = async (list: readonly (string | number)[] | undefined, find: (finder: Finder, value: never) => Promise<Selected[]>): Promise<void> => {
    for (const value of list ?? []) found.push(...(await find(finder, value as never)));
  };
  await lookUp(selector.words, byWord);
  await lookUp(selector.ids, byId);
  await lookUp(selector.instanceIds, byInstanceId);
  await lookUp(selector.names, byName);
  return found;
}

async function byWord(finder: Finder, word: string): Promise<Selected[]> {
  if (/^\d+$/.test(word)) return byId(finder, Number(word));
  if (UUID.test(word)) return byInstanceId(finder, word);
  const named = await topLevelFirst(finder, word);
  if (named.length > 0 || !UUID_PART.test(word)) return named.length > 0 ? named : byName(finder, word);
  return byInstanceIdPart(finder, word);
}

async function byId(finder: Finder, id: number): Promise<Selected[]> {
  const found = await finder.find({ ids: [id] });
  if (found.length === 0) finder.missing(noSuchId(id));
  if (found.length < 2) return found;
  // Those of an engine are counted there.
  finder.problems.push(ambiguousId(id, found.map(({ instance }) => instance)));
  return [];
}

async function byInstanceId(finder: Finder, instanceId: string): Promise<Selected[]> {
  if (!UUID.test(instanceId) && UUID_PART.test(instanceId)) return byInstanceIdPart(finder, instanceId);
  const found = await finder.find({ instanceIds: [asciiLower(instanceId)] });
  if (found.length === 0) finder.missing(noSuchInstanceId(instanceId));
  return found;
}

async function byInstanceIdPart(finder: Finder, part: string): Promise<Selected[]> {
  const found = await finder.find({ instanceIdPart: asciiLower(part) });
  // A job and its child were made in the same millisecond: where only they fit, the job is meant.
  const top = found.filter(({ instance }) => !found.some((other) => other.instance.id === instance.parentId));
  if (top.length === 1) return top;
  if (top.length === 0) finder.missing(noSuchInstanceId(part));
  else finder.problems.push(ambiguousInstanceId(part, top.map(({ instance }) => instance.instanceId)));
  return [];
}

async function byName(finder: Finder, name: string): Promise<Selected[]> {
  const found = await topLevelFirst(finder, name);
  if (found.length === 0 && !hasWildcard(name)) finder.missing(noSuchName(name));
  return found;
}

/** Children are searched when no job of that name has no parent. */
async function topLevelFirst(finder: Finder, name: string): Promise<Selected[]> {
  const named = async (among: InstanceQuery): Promise<readonly Selected[]> =>
    hasWildcard(name) ? (await finder.find(among)).filter(({ instance }) => matchesWildcard(name, instance.name)) : finder.find({ ...among, names: [name] });
  const top = await named({ topLevel: true });
  return inIdOrder(top.length > 0 || !finder.childNames ? top : await named({}));
}

function withoutTwins(jobs: readonly Selected[]): Selected[] {
  return [...new Map(jobs.map((job) => [job.instance.instanceId, job])).values()];
}

function meetsConditions({ instance }: Selected, { states, command }: JobSelector): boolean {
  if (states !== undefined && !states.includes(instance.state)) return false;
  return command === undefined || matchesCommand(command, instance.command);
}

function matchesCommand(pattern: string, command: string): boolean {
  const [wanted, text] = [asciiLower(pattern.trim()), asciiLower(command.trim())];
  return wanted === text || matchesWildcard(wanted, text);
}

type Filters = NonNullable<JobSelector['filters']>;

/** Keys of the job object in lower case, and how `--filter` reads them. */
const FILTER_KEYS: readonly (keyof JobView)[] = [
  'id', 'instanceId', 'name', 'type', 'state', 'reason', 'statusMessage', 'hasMoreData', 'location', 'command', 'beginTime', 'endTime',
  'exitCode', 'signal', 'childJobs', 'definition', 'origin', 'attempt',
];
/** Only children tell these apart: a parent is found through them. */
const THROUGH_CHILDREN = ['location', 'reason'];

async function filtered(parts: CoreParts, jobs: readonly Selected[], filters: Filters): Promise<readonly Selected[]> {
  if (filters.length === 0) return jobs;
  const tests = filters.map(([key, value]) => filterTest(key, value));
  const views = await viewsOf(parts, jobs);
  return jobs.filter((job, index) => tests.every((fits) => fits(views[index] as JobView, job)));
}

function filterTest(key: string, value: string): (view: JobView, job: Selected) => boolean {
  const lower = asciiLower(key);
  if (lower === 'before') return ({ endTime }) => endTime !== null && new Date(endTime) < new Date(value);
  if (lower === 'after') return ({ endTime }) => endTime !== null && new Date(endTime) > new Date(value);
  const known = FILTER_KEYS.find((name) => asciiLower(name) === lower);
  if (known === undefined) throw unknownFilterKey(key, [...FILTER_KEYS, 'before', 'after']);
  const fits = (view: JobView): boolean => textsOf(view[known]).some((text) => matchesWildcard(value, text));
  if (!THROUGH_CHILDREN.includes(known)) return fits;
  return (view, { children }) => fits(view) || children.some((child) => fits(viewOf(child, [], new Map())));
}

/** A definition goes by its name, an origin by its kind; null matches nothing. */
function textsOf(value: JobView[keyof JobView]): readonly string[] {
  if (value === null) return [];
  if (Array.isArray(value)) return [value.join(','), ...value.map(String)];
  if (typeof value !== 'object') return [String(value)];
  return ['name' in value ? value.name : (value as JobView['origin']).kind];
}
