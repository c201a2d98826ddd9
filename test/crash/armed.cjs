// Nightshift with its failpoints, which no published file has: node armed.cjs VERB [ARG…]
'use strict';
require('../../packages/cli/dist-test/main.cjs').run(undefined, process.umask(0o077));
