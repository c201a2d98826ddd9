# What the other computer needs to know: nothing of ours is installed there, and any POSIX shell reads this from its standard input.
#
#   remote-client      sh -s, through ssh            the shim, in a session of its own      the command
#   this text     ──▶  says "hello"
#   the payload   ──▶  unpacks it into a folder  ──▶ claims, records the end           ──▶  writes to two files there
#                      says "started", and sends what comes into the files
#   stop, kill    ──▶  ends the tree
#                      says "over" when the shim has recorded the end
#   rest, forget  ──▶  sends what was still missing; removes the folder
#
# What the client says are lines of shell, which the shell reads as they come; the end of its input (a lost connection) ends it,
# and nothing else: the shim and its command are in another session. What we say begins with a word that only the client and we
# know, so that nothing a login file or the command prints can be taken for it. Before this text the client sets ns_nonce, ns_id
# and ns_file; after it comes a line that begins (ns_begin) or takes up (ns_reattach).
#
#   hello first          Until then nothing has happened here. The payload comes only after it, when the shell has read this
#                        text to its end: some shells read ahead, and would swallow what is not for them.
#   tail, then the rest  A killed tail may have sent part of what it read. The client counts: so it is told the sizes and asks
#                        for the rest from where it is. Nothing is lost or doubled, and nothing is written after the end.
#   never begun          Whoever takes up and finds no claim makes the mark "revoked", for which the shim looks: so it is sure.
#   no "kill -0" alone   A pid comes round again: the claim has the start time and the boot as well.
#   input and quit       A background child of sh has INT and QUIT ignored, and so had the command: setsid -f knows another way.

ns_root=${XDG_STATE_HOME:-$HOME/.local/state}/nightshift/remote
ns_folder=$ns_root/$ns_id
ns_sh=$(command -v sh)

ns_say() {
  printf '%s %s\n' "$ns_nonce" "$*"
}

ns_hello() {
  ns_mask=$(umask)
  umask 077
  exec 4>&2
  ns_say hello
  ns_say hello >&4
  exec 2>/dev/null
}

# Nothing has been launched that could still find its files.
ns_fail_unlaunched() {
  rm -rf "$ns_folder"
  ns_fail "$1"
}

ns_fail() {
  ns_say failed "$(printf '%s\n' "$1" | tail -n 1)"
  exit 0
}

# ns_begin FOLLOW|LEAVE TIMEOUT GRACE SIZE-OF-ORDER SIZE-OF-SHIM SIZE-OF-FILE SIZE-OF-INPUT
ns_begin() {
  ns_hello
  ns_unpack "$4" "$5" "$6" "$7"
  ns_launch "$2" "$3"
  ns_await_claim
  rm -f "$ns_folder/order"
  ns_say started
  ns_sweep </dev/null >/dev/null 4>&- &
  [ "$1" = leave ] && exit 0
  ns_follow 0 0
}

# What is cut short by a lost connection begins nothing.
ns_unpack() {
  ns_words=$(mkdir -p "$ns_root" 2>&1 && mkdir "$ns_folder" "$ns_folder/1" "$ns_folder/file" 2>&1) || ns_fail "$ns_words"
  ns_size=$(($1 + $2 + $3 + $4))
  ns_words=$({ head -c "$ns_size" >"$ns_folder/payload"; } 2>&1)
  [ "$(wc -c <"$ns_folder/payload")" -eq "$ns_size" ] || ns_fail_unlaunched "the files could not be written: ${ns_words:-no room}"
  {
    ns_piece 0 "$1" "$ns_folder/order" && ns_piece "$1" "$2" "$ns_folder/shim.sh" &&
      ns_piece $(($1 + $2)) "$3" "$ns_folder/file/$ns_file" && ns_piece $(($1 + $2 + $3)) "$4" "$ns_folder/stdin"
  } || ns_fail_unlaunched 'the files could not be written: no room'
  chmod 700 "$ns_folder/file/$ns_file"
  rm -f "$ns_folder/payload"
}

ns_piece() {
  tail -c "+$(($1 + 1))" "$ns_folder/payload" | head -c "$2" >"$3"
  [ "$(wc -c <"$3")" -eq "$2" ]
}

ns_launch() {
  ns_setsid=$(command -v setsid)
  if [ -n "$ns_setsid" ] && "$ns_setsid" -f true; then
    ns_detached "$1" "$2" "$ns_setsid" -f
  elif [ -n "$ns_setsid" ]; then
    ns_detached "$1" "$2" "$ns_setsid" &
  else
    set -m
    ns_detached "$1" "$2" &
    set +m
  fi
}

# The order knows the variables (ns_export) and the words of the command (ns_program, ns_run, with the shim's third descriptor, which
# some shells pass on only there): with them its PATH counts, and nothing of ours is looked up any more.
ns_detached() (
  ns_timeout=$1 ns_grace=$2
  shift 2
  cd "$HOME" || exit
  exec <"$ns_folder/stdin" >>"$ns_folder/stdout" 2>>"$ns_folder/1/note" 4>&-
  . "$ns_folder/order"
  set -- "$@" "$ns_sh" "$ns_folder/shim.sh" "$ns_folder/1" "$ns_mask" "$ns_timeout" "$ns_grace"
  ns_export
  case $ns_program in
    */*) [ -x "$ns_program" ] ;;
    *) "$ns_sh" -c 'command -v "$1"' sh "$ns_program" >/dev/null ;;
  esac || {
    printf '%s was not found there\n' "$ns_program" >"$ns_folder/1/missing"
    exit
  }
  ns_run "$@"
)

ns_await_claim() {
  ns_looks=0
  until [ -s "$ns_folder/1/claim" ]; do
    [ ! -s "$ns_folder/1/missing" ] || ns_fail_unlaunched "$(cat "$ns_folder/1/missing")"
    ns_looks=$((ns_looks + 1))
    [ $ns_looks -lt 100 ] || ns_revoke || {
      rm -f "$ns_folder/order"
      ns_fail "the run could not be claimed: $(tail -n 1 "$ns_folder/1/note")"
    }
    ns_nap 0.05
  done
}

ns_revoke() {
  : >"$ns_folder/1/revoked"
  [ -s "$ns_folder/1/claim" ]
}

# ns_reattach BYTES-OF-STDOUT BYTES-OF-STDERR, which the client has
ns_reattach() {
  ns_hello
  ns_words=$(mkdir -p "$ns_folder/1" 2>&1) || ns_fail "$ns_words"
  [ -s "$ns_folder/1/claim" ] || ns_revoke || {
    ns_say never
    exit 0
  }
  ns_say started
  ns_follow "$1" "$2"
}

ns_follow() {
  ns_watch "$1" "$2" </dev/null &
}

ns_watch() {
  tail -c "+$(($1 + 1))" -f "$ns_folder/stdout" &
  ns_out=$!
  tail -c "+$(($2 + 1))" -f "$ns_folder/stderr" >&4 &
  ns_err=$!
  ns_looks=0
  until ns_has_ended "$ns_folder"; do
    kill -0 $$ || break
    ns_rest_a_while
  done
  # By what no shell can catch between its fork and the tail.
  kill -KILL $ns_out $ns_err
  wait $ns_out $ns_err
  kill -0 $$ || exit 0
  ns_say over "$(wc -c <"$ns_folder/stdout")" "$(wc -c <"$ns_folder/stderr")" "$(ns_age)" "$(ns_record "$ns_folder")"
  ns_say over >&4
}

# Often at first, since most commands are short; twice a second after some.
ns_rest_a_while() {
  ns_looks=$((ns_looks + 1))
  if [ $ns_looks -lt 20 ]; then ns_nap 0.05; else ns_nap 0.5; fi
}

# Not every sleep takes a fraction.
ns_nap() {
  sleep "$1" || sleep 1
}

# What the shim leaves in its group may write until it is gone. Where nothing tells a zombie, its record must do.
ns_has_ended() {
  ns_is_alive "$1" || return 0
  [ "$ns_start" = - ] && [ "$(ns_record "$1")" != gone ]
}

# The exit record, or "gone".
ns_record() {
  ns_line=
  [ ! -r "$1/1/exit.json" ] || read -r ns_line <"$1/1/exit.json"
  case $ns_line in '{'*) printf '%s' "$ns_line" ;; *) printf gone ;; esac
}

# Seconds since the end, by the clock of this computer.
ns_age() {
  ns_then=$(date -r "$ns_folder/1/exit.json" +%s) && ns_now=$(date +%s) && printf '%s' $((ns_now - ns_then)) || printf -- -
}

ns_is_alive() {
  read -r ns_pid ns_start ns_boot <"$1/1/claim" || return 1
  [ "$ns_start" != - ] || {
    kill -0 "$ns_pid"
    return
  }
  read -r ns_this_boot </proc/sys/kernel/random/boot_id
  [ "$ns_boot" = "$ns_this_boot" ] && read -r ns_stat <"/proc/$ns_pid/stat" || return 1
  # The name of a process may hold blanks and brackets: count from behind the last one.
  ns_is_process $ns_start ${ns_stat##*\) }
}

ns_is_process() {
  [ "$2" != Z ] && [ "$2" != X ] || return 1
  ns_wanted=$1
  shift 20
  [ "$1" = "$ns_wanted" ]
}

# What ssh itself has to say when a connection breaks comes on the same standard error: what stands before this is from here.
ns_ok() {
  ns_say ok >&4
}

# ns_rest BYTES-OF-STDOUT BYTES-OF-STDERR, which the client has
ns_rest() {
  tail -c "+$(($1 + 1))" "$ns_folder/stdout"
  ns_say end
  tail -c "+$(($2 + 1))" "$ns_folder/stderr" >&4
  ns_say end >&4
}

# ns_stop GRACE, in tenths of a second. It is carried out also when nobody is connected any more.
ns_stop() {
  ns_end_tree "$1" </dev/null >/dev/null 4>&- &
}

# As at home: the group is asked, at the end of the grace period everything is killed but the shim, which records the end.
ns_end_tree() {
  trap '' HUP TERM
  ns_looks=0
  ns_asked=' '
  if ns_is_alive "$ns_folder" && [ "$1" -gt 0 ]; then kill -TERM "-$ns_pid"; fi
  if ns_is_alive "$ns_folder"; then kill -CONT "-$ns_pid"; fi
  while :; do
    ns_left=$(ns_members)
    [ -n "$ns_left" ] || ns_is_alive "$ns_folder" || break
    if [ $ns_looks -ge "$1" ]; then ns_kill "$1"; else ns_ask; fi
    [ $ns_looks -lt $(($1 + 150)) ] || break
    ns_looks=$((ns_looks + 1))
    ns_nap 0.1
  done
}

ns_kill() {
  for ns_one in $ns_left; do kill -KILL "$ns_one"; done
  # It has had its time to record.
  [ $ns_looks -lt $(($1 + 50)) ] || { ns_is_alive "$ns_folder" && kill -KILL "$ns_pid"; }
}

# Who has left the group was not reached by the first request.
ns_ask() {
  for ns_one in $ns_left; do
    case $ns_asked in *" $ns_one "*) continue ;; esac
    ns_asked="$ns_asked$ns_one "
    [ "$(ns_group_of "$ns_one")" = "$ns_pid" ] || kill -TERM "$ns_one"
  done
}

ns_group_of() {
  read -r ns_stat <"/proc/$1/stat" || return 0
  ns_third ${ns_stat##*\) }
}

ns_third() {
  printf '%s' "$3"
}

# Everything that belongs to the run, but the shim: by its session, and by the instance id in the environment. Without /proc by group.
ns_members() {
  read -r ns_pid ns_start ns_boot <"$ns_folder/1/claim" || return 0
  [ -d /proc/$$ ] || {
    ps -A -o pid= -o pgid= | while read -r ns_one ns_group; do
      [ "$ns_group" != "$ns_pid" ] || [ "$ns_one" = "$ns_pid" ] || printf '%s\n' "$ns_one"
    done
    return
  }
  # Another process that bears the pid leads a session of its own.
  [ -d "/proc/$ns_pid" ] && ! ns_is_alive "$ns_folder" || for ns_one in /proc/[0-9]*/stat; do
    read -r ns_stat <"$ns_one" || continue
    ns_in_session "${ns_stat%% *}" ${ns_stat##*\) }
  done
  grep -ls "NIGHTSHIFT_INSTANCE_ID=remote-$ns_id" /proc/[0-9]*/environ | cut -d / -f 3 | grep -vx "$ns_pid"
}

ns_in_session() {
  [ "$5" != "$ns_pid" ] || [ "$1" = "$ns_pid" ] || [ "$2" = Z ] || printf '%s\n' "$1"
}

# The client has everything, and has it on its disk.
ns_forget() {
  rm -rf "$ns_folder"
  exit 0
}

# Runs that nobody has asked about for thirty days, and that have ended.
ns_sweep() {
  for ns_old in "$ns_root"/*; do
    [ -d "$ns_old/1" ] && [ -z "$(find "$ns_old" "$ns_old/1/exit.json" -prune -mtime -30)" ] || continue
    ns_is_alive "$ns_old" || rm -rf "$ns_old"
  done
}
