/** A definition with every key of the reference that people use. */
export const complete = `# yaml-language-server: $schema=node_modules/nightshift/scheduled-job.schema.json
type: ScheduledJob
description: Nightly snapshot of this repository
job:
  type: BackgroundJob
  filePath: scripts/snapshot.mjs
  argumentList: [--verify, 7]
  workingDirectory: ..
  initializationScript: process.umask(0o077)
  environment: { KEEP: 7, DEBUG: false }     # become the texts "7" and "false"
  successExitCodes: [0, 3]
timeZone: Europe/Berlin
triggers:
  - daily: { at: "03:00", daysInterval: 1, randomDelay: 15m }
  - weekly: { at: "23:00", daysOfWeek: [Monday, Friday], weeksInterval: 2 }
  - once: { at: 2026-12-24T18:00, repetitionInterval: 1h, repetitionDuration: 2d }
  - atStartup: { randomDelay: 5m }
  - atLogOn: { user: "*" }
  - cron: "*/15 8-18 * * 1-5"
  - every: 10m
    enabled: false
options:
  multipleInstancePolicy: Queue
  queueLimit: 2
  catchUp: { policy: latest, window: 1h }
  timeout: 2h
  gracePeriod: 10s
  retry: { limit: 2, delay: 10s, factor: 2, maxDelay: 10m, onInterrupted: false }
  requireNetwork: true
maxResultCount: 32
enabled: true
`;
