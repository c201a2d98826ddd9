// Nightshift with its failpoints, which no published file has: node armed.cjs VERB [ARG…]
'use strict';
// Hundreds of them are started: what one has compiled the next need not.
require('node:module').enableCompileCache(require('node:path').join(__dirname, '../../packages/cli/dist-test/compiled'));
require('../../packages/cli/dist-test/main.cjs').run(undefined, process.umask(0o077));
