# A runtime that is named by a path is looked up where the job starts.
mkdir tools elsewhere
printf '#!/bin/sh\nshift\necho "run by mine: $1"\n' > tools/mine
chmod +x tools/mine
start-job --runtime ./tools/mine --wait 'a text'
start-job --runtime ../tools/mine --working-directory elsewhere --wait 'a text'
start-job --runtime ./tools/mine --working-directory elsewhere 'a text' || echo "exit $?"
