#!/usr/bin/env node
'use strict';
require('./launch.cjs')('new-scheduled-job-option');
