// Old syntax on purpose: a Node that is too old must be able to read this far and say so.
'use strict';

/** Runs a verb of the bundle; `verb` is undefined for the umbrella, which takes it from the command line. */
module.exports = function launch(verb) {
  var version = process.versions.node.split('.').map(Number);
  if (version[0] < 22 || (version[0] === 22 && version[1] < 18)) {
    process.stderr.write((verb || 'nightshift') + ': Nightshift needs Node.js 22.18 or newer; this is ' + process.version + ' at ' + process.execPath + '\n');
    process.exit(1);
  }
  if (version[0] < 24) hideSqliteWarning();
  // First of all: nothing that we make is for others to read. Jobs get the caller's back.
  var umask = process.umask(0o077);
  var state = process.env.NIGHTSHIFT_STATE_DIR || (process.env.XDG_STATE_HOME || (process.env.HOME && process.env.HOME + '/.local/state')) + '/nightshift';
  // Never in the shared temporary folder, where others could plant code. Without a home there is none, and all is well but slower.
  if (state[0] === '/') require('module').enableCompileCache(state + '/cache');
  require('../dist/main.cjs').run(verb, umask);
};

/** Node 22 calls its own SQLite experimental at every start. */
function hideSqliteWarning() {
  var emit = process.emitWarning;
  process.emitWarning = function (warning) {
    if (!/SQLite is an experimental feature/.test(String(warning))) emit.apply(process, arguments);
  };
}
