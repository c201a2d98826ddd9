// Old syntax on purpose: a Node that is too old must be able to read this far and say so.
'use strict';

/** Runs a verb of the bundle; `verb` is undefined for the umbrella, which takes it from the command line. */
module.exports = function launch(verb) {
  var version = process.versions.node.split('.').map(Number);
  if (version[0] < 22 || (version[0] === 22 && version[1] < 18)) {
    process.stderr.write((verb || 'nightshift') + ': Nightshift needs Node.js 22.18 or newer; this is ' + process.version + ' at ' + process.execPath + '\n');
    process.exit(1);
  }
  // First of all: nothing that we make is for others to read. Jobs get the caller's back.
  var umask = process.umask(63);
  var bundle = require('path').join(__dirname, '..', 'dist', 'main.cjs');
  var isDebug = process.env.NIGHTSHIFT_DEBUG === '1' || process.argv.indexOf('--debug') > 0;
  var state = process.env.NIGHTSHIFT_STATE_DIR || (process.env.XDG_STATE_HOME || process.env.HOME + '/.local/state') + '/nightshift';
  // Where somebody keeps compiled code for Node, ours goes too. Never in the shared temporary folder, where others could plant code; without a home there is none.
  var place = process.env.NODE_COMPILE_CACHE || state + '/cache';
  var cache = place.charAt(0) === '/' ? place : undefined;
  // The bundle is small because its names are; a stack trace that somebody asks for shows the real ones.
  if (isDebug) process.setSourceMapsEnabled(true);
  (isDebug || cache === undefined ? require(bundle) : loadWarm(bundle, cache, verb || 'nightshift')).run(verb, umask);
};

/** How many runs may add the functions that they were the first to call. */
var GENERATIONS = 4;

/**
 * Loads the bundle with the machine code of earlier runs of the same verb. Node's own compile cache remembers a file as it
 * was when it was loaded, before anything in it was called: to compile the rest again costs a start a sixth of an empty
 * Node process. V8 itself refuses code of another version or of other flags; another bundle has another name here.
 */
function loadWarm(bundle, cache, verb) {
  var fs = require('fs');
  // The same as require('module'), which would load more.
  var Module = module.constructor;
  var facts = fs.statSync(bundle);
  var file = cache + '/' + verb + '-' + process.version + '-' + facts.size + '-' + Math.round(facts.ctimeMs);
  var stored = read(fs, file);
  var script = new (require('vm').Script)(Module.wrap(fs.readFileSync(bundle, 'utf8')), { filename: bundle, cachedData: stored && stored.subarray(1) });
  var generation = stored && !script.cachedDataRejected ? stored[0] : 0;
  if (generation < GENERATIONS) {
    process.on('exit', function (code) {
      if (code === 0) store(fs, cache, verb, file, Buffer.concat([Buffer.of(generation + 1), script.createCachedData()]));
    });
  }
  var loaded = { exports: {} };
  script.runInThisContext().call(loaded.exports, loaded.exports, requireFrom(Module, bundle, cache), loaded, bundle, require('path').dirname(bundle));
  return loaded.exports;
}

/** What the bundle loads later comes through Node's own compile cache. */
function requireFrom(Module, bundle, cache) {
  var load = Module.createRequire(bundle);
  return function (id) {
    if (id.charAt(0) === '.' && require('fs').existsSync(cache)) require('module').enableCompileCache(cache);
    return load(id);
  };
}

function read(fs, file) {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    // The first run of this verb, or somebody has tidied up at this very moment.
    void error;
    return undefined;
  }
}

/** In one step, and what an earlier bundle left for this verb goes. A cache that cannot be written is no error: all is well but slower. */
function store(fs, cache, verb, file, bytes) {
  try {
    if (!fs.existsSync(cache)) fs.mkdirSync(cache, 448);
    fs.writeFileSync(file + '.' + process.pid, bytes, { mode: 384 });
    fs.renameSync(file + '.' + process.pid, file);
    fs.readdirSync(cache).forEach(function (name) {
      if (name.indexOf(verb + '-v') === 0 && cache + '/' + name !== file) fs.unlinkSync(cache + '/' + name);
    });
  } catch (error) {
    // Another process was first, or the disk is full or read-only.
    if (process.env.NIGHTSHIFT_DEBUG === '1') process.stderr.write('nightshift: the cache is not written: ' + error.message + '\n');
  }
}
