# A job read by another process has the same id and instance id.
start-job -o json -- true | show id instanceId > first
(cd / && get-job 1 -o json) | show id instanceId | cmp - first && echo same
