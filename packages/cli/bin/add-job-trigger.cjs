#!/usr/bin/env node
'use strict';
require('./launch.cjs')('add-job-trigger');
