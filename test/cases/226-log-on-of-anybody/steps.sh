# A log-on trigger means everybody unless it says whom.
new-job-trigger --at-log-on --json | show user
new-job-trigger -AtLogOn -User 'Domain01\Admin01' --json | show user
