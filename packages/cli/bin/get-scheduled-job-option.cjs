#!/usr/bin/env node
'use strict';
require('./launch.cjs')('get-scheduled-job-option');
