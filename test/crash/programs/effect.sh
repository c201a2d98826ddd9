#!/bin/sh
# A job that leaves one line per time it ran, by one write:  effect.sh EFFECTS BEHAVIOUR [VALUE]
#
# The line is `<due time> <attempt> <pid>`; the same line goes to standard output. Then it behaves as it was told.
effects=$1 behaviour=${2-ok} value=${3-}
line="${NIGHTSHIFT_DUE_AT-demand} ${NIGHTSHIFT_ATTEMPT-?} $$"

printf '%s\n' "$line" >>"$effects"
printf '%s\n' "$line"
case $behaviour in
  ok) ;;
  exit) exit "$value" ;;
  # Fails until it has run so many times for this due time.
  until) [ "$(grep -c "^${NIGHTSHIFT_DUE_AT-demand} " "$effects")" -ge "$value" ] || exit 1 ;;
  # Hangs the first time for a due time, and not again.
  hang-once) [ "$(grep -c "^${NIGHTSHIFT_DUE_AT-demand} " "$effects")" -gt 1 ] || exec sleep 600 ;;
  sleep) exec sleep "$value" ;;
  # Until that file is there.
  gate) while [ ! -e "$value" ]; do sleep 0.05; done ;;
  ignore-term) trap '' TERM; while :; do sleep 0.05; done ;;
  # A child that left the process group, and a grandchild that nobody waits for.
  fork)
    setsid sleep "$value" &
    ( setsid sh -c "sleep $value & sleep $value" & )
    exec sleep "$value" ;;
  flood) exec head -c "$value" /dev/zero ;;
  binary) printf '\000\001\377\376\n\200' ;;
  partial) printf 'no newline at the end' ;;
  close) exec >&-; sleep "$value" ;;
  # Goes on after its parent, and says so when it has ended.
  outlive) ( setsid sh -c "sleep $value; printf '%s\n' '$line outlived' >>'$effects'" & ) ;;
  kill-itself) kill -KILL $$ ;;
  *) printf 'effect.sh: unknown behaviour %s\n' "$behaviour" >&2; exit 2 ;;
esac
