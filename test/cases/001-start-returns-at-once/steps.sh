# start-job returns while the job runs and prints it under the name that was given.
start-job --name "My Job" 'until [ -e go ]; do sleep 0.05; done' -o json | show name state
get-job 1 -o json | show name state
