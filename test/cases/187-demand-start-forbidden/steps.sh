# doNotAllowDemandStart does not forbid start-job.
start-job --definition-name N --wait
