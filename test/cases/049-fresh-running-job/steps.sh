# A job that has just been started is of type BackgroundJob, on demand, with one child and no end.
start-job -o json 'until [ -e go ]; do sleep 0.05; done' | show type location childJobs beginTime endTime origin attempt definition
