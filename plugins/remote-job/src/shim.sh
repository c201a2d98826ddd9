#!/bin/sh
# The shim: the one process of ours that lives as long as a command, and the only one that knows how it ended.
#
#   shim.sh ATTEMPT-FOLDER UMASK TIMEOUT GRACE PROGRAM [ARG...]   descriptors: 0 1 the command's, 2 the file "note", 3 its stderr
#
# It leads a session of its own. No pipe, no daemon and no Node process stands between the command and its files: any
# of ours may be killed at any moment. What it does, and why exactly so (each alternative gave a wrong result when tried):
#
#   reserve, then claim     Both exclusively, before anything runs: an attempt that cannot promise to record its end does
#                           not begin (125), and none begins twice. The claim names this process beyond doubt:
#                           pid, start time, boot id.
#   revoked                 Who finds a claim that stays empty cannot know whether we are dead or only slow. He makes this
#                           mark and reads the claim again, we fill the claim and look for the mark: one of us sees the other.
#   trap :                  A signal to the group ends the command, not us. Caught, never ignored: what is ignored would
#                           be ignored by the command as well.
#   asked, stop             Who sends SIGTERM makes one of these files first. Between its fork and its exec the command still
#                           has our traps, which would swallow the signal: so it looks whether it is wanted at all.
#   in the foreground       A background child of sh has INT and QUIT ignored and could not catch them.
#   overwrite in place      By one write into the reserved bytes: a full disk cannot lose the code any more.
#   note                    A shell says there that a signal ended the command, so that 137 is told from SIGKILL. What it has
#                           said before, such as that it does not know the locale, is of no command, and goes. The blank
#                           line in its place keeps room for its word on a disk that is full by then.
#   kill -KILL 0            What the command left in its group ends with it, and with us.
#   nightshift_…            A variable of the caller's that we assigned to would reach the command with our value.
#   clean_up                What was started elsewhere outlives a kill, and we are all that is left to end it.
#   the watchdog            With a time limit (seconds; "-": none) a child sleeps beside the command. It writes the reason
#                           first, in the file "stop" where only the first one counts, and it lives on while a job is
#                           suspended: the limit goes on counting. Its pid is in the file "watchdog".
#   the system's tools      A job may have any PATH, and its limit must not hang on it. Not before the command has it.

main() {
  nightshift_attempt=$1 nightshift_mask=$2 nightshift_timeout=$3 nightshift_grace=$4
  shift 4
  umask 077
  set -C
  printf '%63s\n' '' >"$nightshift_attempt/exit.json" || exit 125
  who_am_i
  printf '%s\n' "$nightshift_me" >"$nightshift_attempt/claim" || exit 125
  [ ! -e "$nightshift_attempt/revoked" ] || exit 125
  set +C
  printf '\n' >"$nightshift_attempt/note"
  trap : HUP INT QUIT PIPE ALRM TERM USR1 USR2
  [ "$nightshift_timeout" = - ] || watch
  (
    was_asked && exec /bin/sh -c 'kill -TERM $$'
    umask "$nightshift_mask"
    exec "$@" 2>&3 3>&-
  )
  nightshift_code=$?
  [ ! -e "$nightshift_attempt/clean-up" ] || clean_up
  record "$nightshift_code"
  kill -KILL 0
}

was_asked() {
  [ -e "$nightshift_attempt/asked" ] || [ -e "$nightshift_attempt/stop" ]
}

ended_by_signal() {
  nightshift_first= nightshift_word=
  [ "$1" -gt 128 ] && [ -s "$nightshift_attempt/note" ] && { read -r nightshift_first; read -r nightshift_word; } <"$nightshift_attempt/note"
  [ -n "$nightshift_first$nightshift_word" ]
}

# Of a command that a signal has ended: what it started elsewhere goes as well. Whoever ends us gives us five seconds. He ends
# everything else of the session, though, and that may be what cleans up for an earlier end: then it begins anew, once.
clean_up() {
  ended_by_signal "$nightshift_code" || return 0
  # No signal is for the command any more.
  trap '' HUP INT QUIT PIPE ALRM TERM USR1 USR2
  try_clean_up || try_clean_up
}

# False: it was killed, and not because its time was up, for that is told by a process that was killed with it.
try_clean_up() {
  (exec /bin/sh "$nightshift_attempt/clean-up") </dev/null >/dev/null 2>&1 3>&- &
  nightshift_cleaner=$!
  (
    use_own_tools
    pause 4 && kill -KILL "$nightshift_cleaner"
  ) </dev/null >/dev/null 2>&1 3>&- &
  nightshift_timer=$!
  wait "$nightshift_cleaner" 2>/dev/null
  [ $? -eq 137 ] || return 0
  wait "$nightshift_timer" 2>/dev/null
  [ $? -ne 137 ]
}

who_am_i() {
  nightshift_me="$$ - -"
  [ -r "/proc/$$/stat" ] || return 0
  read -r nightshift_stat <"/proc/$$/stat"
  read -r nightshift_boot </proc/sys/kernel/random/boot_id
  # The name of a process may hold blanks and brackets: count from behind the last one. Start time is the 20th field there.
  start_of ${nightshift_stat##*\) }
  nightshift_me="$$ $nightshift_start $nightshift_boot"
}

start_of() {
  shift 19
  nightshift_start=$1
}

watch() {
  (
    trap '' HUP INT QUIT TERM USR1 USR2
    use_own_tools
    pause "$nightshift_timeout" && time_out
  ) </dev/null >/dev/null 2>&1 3>&- &
  printf '%s\n' $! >"$nightshift_attempt/watchdog"
}

use_own_tools() {
  PATH=/usr/bin:/bin${PATH:+:$PATH}
}

# Not every sleep takes a fraction: then a whole second longer, since no limit may end too early.
pause() {
  sleep "$1" || sleep $((${1%.*} + 1))
}

time_out() {
  set -C
  printf 'timeout\n' >"$nightshift_attempt/stop" || return
  kill -TERM 0
  kill -CONT 0
  pause "$nightshift_grace"
  [ ! -e "$nightshift_attempt/host" ] || last_word
  end_session
}

# The host of a run of JavaScript may still end it its own way and write down how.
last_word() {
  kill -QUIT 0
  pause 2.5
}

# Everything that belongs to the run, but the shim and whoever calls.
end_session() {
  nightshift_caller=$(exec sh -c 'echo $PPID')
  for nightshift_pid in $(members); do
    case $nightshift_pid in $$ | "$nightshift_caller") ;; *) kill -KILL "$nightshift_pid" ;; esac
  done
}

# By session, and by the instance id in the environment: a process may have left the session. Without /proc by group.
members() {
  [ -d /proc/$$ ] || {
    ps -A -o pid= -o pgid= | while read -r nightshift_pid nightshift_group; do [ "$nightshift_group" = $$ ] && echo "$nightshift_pid"; done
    return
  }
  for nightshift_file in /proc/[0-9]*/stat; do
    read -r nightshift_stat <"$nightshift_file" || continue
    session_of ${nightshift_stat##*\) }
    [ "$nightshift_session" = $$ ] && echo "${nightshift_stat%% *}"
  done
  # Without an id every job of the user would be meant.
  [ -z "$NIGHTSHIFT_INSTANCE_ID" ] || grep -ls "NIGHTSHIFT_INSTANCE_ID=$NIGHTSHIFT_INSTANCE_ID" /proc/[0-9]*/environ | cut -d / -f 3
}

session_of() {
  nightshift_session=$4
}

record() {
  use_own_tools
  nightshift_reason=
  if [ "$nightshift_timeout" != - ] && [ "$(cat "$nightshift_attempt/stop" 2>/dev/null)" = timeout ]; then
    nightshift_reason='"reason":"timeout",'
    end_session
  fi 2>/dev/null
  if ended_by_signal "$1"; then
    nightshift_end="{$nightshift_reason\"signal\":\"SIG$(kill -l $(($1 - 128)))\"}"
  else
    nightshift_end="{$nightshift_reason\"exitCode\":$1}"
  fi
  printf '%s' "$nightshift_end" 1<>"$nightshift_attempt/exit.json"
}

main "$@"
