# The version of a runtime that is named by a path is asked where the job starts.
mkdir elsewhere
printf '#!/bin/sh\ncase $1 in --version) echo 3.1;; *) echo "run by mine: $2";; esac\n' >elsewhere/mine
chmod +x elsewhere/mine
start-job --runtime ./elsewhere/mine@3 --wait 'a text'
start-job --runtime ./mine@3 --working-directory elsewhere --wait 'a text'
start-job --runtime ./mine@4 --working-directory elsewhere 'a text' || echo "exit $?"
