# A job of a definition has its type and name, was demanded, and has one child of type BackgroundJob.
start-job --definition-name n -o json | show type name origin definition childJobs
get-job 2 -o json | show type name origin
