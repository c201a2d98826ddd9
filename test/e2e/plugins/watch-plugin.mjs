/** A plugin whose jobs have a child for each place of their spec: a program that watches a text of sh that runs there. */
import { fileURLToPath } from 'node:url';

const any = { '~standard': { version: 1, vendor: 'test', validate: (value) => (Array.isArray(value?.places) ? { value } : { issues: [{ message: 'it has no list "places"', path: ['places'] }] }) } };
const WATCHER = fileURLToPath(new URL('watcher.mjs', import.meta.url));
const FINAL = ['Completed', 'Failed', 'Stopped'];

const requestFor = (folder, { name, text, ...more }) => ({
  name, location: name, ...more,
  command: { argv: [process.execPath, WATCHER, 'begin', `${folder}/${name}`, text], reattach: [process.execPath, WATCHER, 'again', `${folder}/${name}`], commandText: text, ...more.command },
});

function runOf(context, isAgain) {
  const states = new Map();
  const children = [];
  let isAway = false;
  const look = () => {
    const all = [...states.values()];
    const rests = all.length === context.spec.places.length && all.every((state) => state === 'Disconnected' || FINAL.includes(state));
    const away = all.filter((state) => state === 'Disconnected').length;
    if (rests && away > 0 && !isAway) context.disconnected(`${away} of ${all.length} are out of reach`);
    if (isAway && !(rests && away > 0)) context.reconnected();
    isAway = rests && away > 0;
  };
  const follow = async (child) => {
    children.push(child);
    for await (const state of child.states()) {
      states.set(child.id, state);
      look();
    }
    return child.finished;
  };
  return {
    token: 'anything',
    async start() {
      const following = [];
      if (isAgain) for await (const child of context.children()) following.push(follow(child));
      const places = context.spec.places.slice(following.length);
      for (const place of places) following.push(follow(await context.startChild(requestFor(context.spec.folder ?? `${context.workingDirectory}/elsewhere`, place))));
      const outcomes = await Promise.all(following);
      return outcomes.find(({ state }) => state === 'Failed') ?? outcomes.find(({ state }) => state === 'Stopped') ?? { state: 'Completed' };
    },
    async kill(reason) {
      await Promise.all(children.map((child) => child.stop(reason)));
    },
    async [Symbol.asyncDispose]() {},
  };
}

/** A command type may describe a watcher as well. */
const far = {
  name: 'FarJob', description: 'Watches one place.', runs: 'command', capabilities: { persist: true }, spec: any,
  command: ({ spec, workingDirectory }) => requestFor(spec.folder ?? `${workingDirectory}/elsewhere`, spec.places[0]).command,
};

export default {
  name: 'nightshift-plugin-watch', version: '1.0.0', apiVersion: 1,
  jobTypes: [{
    name: 'WatchJob', description: 'Watches.', runs: 'code', capabilities: { persist: true, kill: true, reattach: true }, spec: any,
    foresee: ({ spec }) => ({ command: spec.places[0]?.text ?? '' }),
    prepare: async (context) => runOf(context, false),
    reattach: async (context) => runOf(context, true),
  }, far],
};
