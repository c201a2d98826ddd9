#!/usr/bin/env node
'use strict';
require('./launch.cjs')('disable-scheduled-job');
