#!/usr/bin/env node
'use strict';
require('./launch.cjs')('unregister-scheduled-job');
