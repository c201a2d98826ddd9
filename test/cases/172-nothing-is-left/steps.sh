# Whatever is wrong with what was typed, nothing is left behind; not even a folder.
refuse() { register-scheduled-job N "$@" || echo "exit $?"; }
refuse
refuse x --script-block y
refuse x --trigger '{daily: {}}'
refuse x --trigger '{cron: "61 * * * *"}'
refuse x --scheduled-job-option '{timeuot: 3m}'
refuse x --time-zone CET+1
refuse x --working-directory /
refuse 'echo {{ name }}'
refuse x --env LD_PRELOAD=x.so
refuse x --run-every 30
refuse x --run-as32
ls
