#!/usr/bin/env node
'use strict';
require('./launch.cjs')('remove-job-trigger');
