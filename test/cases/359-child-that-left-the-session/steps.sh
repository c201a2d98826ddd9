# stop-job ends a child that left the session; after a normal end it lives on, and remove-job ends it.
leave='setsid sh -c "(sleep 600 & echo \$! > $STRAY)"'
STRAY=one start-job -o id "$leave; until [ -e go ]; do sleep 0.05; done"
eventually test -s one
stop-job 1
gone $(cat one) && echo 'gone with the stop'
STRAY=two start-job --wait "$leave; until [ -s two ]; do sleep 0.05; done"
gone $(cat two) > still || echo 'lives on after the end'
remove-job 3
gone $(cat two) && echo 'gone with the removal'
start-job --wait 'sleep 600 & echo $! > three'
eventually gone $(cat three) && echo 'gone with the end'
