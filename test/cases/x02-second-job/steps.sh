# The second job of a session has the id 3: 2 is the child of the first.
start-job -- true > first
start-job -- sleep 600
