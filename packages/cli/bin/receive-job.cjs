#!/usr/bin/env node
// Old syntax on purpose: a Node that is too old must be able to read this far and say so. All bins are alike but for the verb;
// they share nothing but the bundle, since each further file costs a start more than opening a database does.
'use strict';
var version = process.versions.node.split('.').map(Number);
if (version[0] < 22 || (version[0] === 22 && version[1] < 18)) {
  process.stderr.write('receive-job: Nightshift needs Node.js 22.18 or newer; this is ' + process.version + ' at ' + process.execPath + '\n');
  process.exit(1);
}
// First of all: nothing that we make is for others to read. Jobs get the caller's back.
var umask = process.umask(63);
// The compile cache lies in the state folder: never in the shared temporary folder, where others could plant code.
var env = process.env;
var state = env.NIGHTSHIFT_STATE_DIR || (env.XDG_STATE_HOME || env.HOME + '/.local/state') + '/nightshift';
if (state.charAt(0) === '/') require('module').enableCompileCache(state + '/cache');
require('../dist/main.cjs').run('receive-job', umask);
