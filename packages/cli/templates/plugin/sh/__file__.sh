#!/bin/sh
# __Type__: how full is the disk? It looks once, or with "every" again and again until it is stopped.
# What Nightshift says begins with its "type", so the start of a line tells what it is.

say() { printf '%s\n' "$1"; }

# The worker's last word. From here on a stop comes too late, so that there is exactly one outcome.
end() { trap '' TERM; say "$1"; exit 0; }
fail() { end "{\"type\":\"outcome\",\"state\":\"Failed\",\"error\":{\"code\":\"$1\",\"message\":\"$2\"}}"; }

# number KEY: a whole number of the spec. The schema lets nothing else through.
number() { printf '%s\n' "$line" | sed -n "s/.*\"spec\":{[^}]*\"$1\":\([0-9][0-9]*\).*/\1/p"; }

# The folder where the job was started; a path that JSON has to escape is beyond sed, and "." is the plugin's own folder.
folder() { printf '%s\n' "$line" | sed -n 's/.*"workingDirectory":"\([^"\\]*\)".*/\1/p'; }

work() {
  while :; do
    used=$(df -P -- "$folder" | awk 'NR == 2 { print $5 + 0 }')
    [ -n "$used" ] || fail DiskUnknown 'df does not say how full the disk is'
    say "{\"type\":\"record\",\"stream\":\"output\",\"value\":{\"usedPercent\":$used}}"
    [ "$used" -le "$limit" ] || fail DiskTooFull "$used % of the disk are used, the limit is $limit %"
    [ -n "$every" ] || end '{"type":"outcome","state":"Completed"}'
    sleep "$every" >/dev/null 2>&1
  done
}

worker=
while IFS= read -r line; do
  case $line in
    '{"type":"hello"'*) say '{"type":"ready","protocol":1}' ;;
    '{"type":"prepare"'*)
      limit=$(number limit) every=$(number every) folder=$(folder)
      : "${limit:=90}" "${folder:=.}"
      say '{"type":"prepared"}' ;;
    '{"type":"start"'*)
      # Beside this loop, which has to hear a "stop".
      work & worker=$! ;;
    '{"type":"stop"'*)
      [ -z "$worker" ] || kill "$worker" 2>/dev/null
      [ -n "$worker" ] && wait "$worker" || say '{"type":"outcome","state":"Stopped","reason":"stopped"}' ;;
    '{"type":"dispose"'*) break ;;
  esac
done
# The end of the input means that nobody is left to work for.
[ -z "$worker" ] || kill "$worker" 2>/dev/null
exit 0
