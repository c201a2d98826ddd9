#!/bin/sh
# DiskSpaceJob: how full is the disk of the working directory? A job type in sh, over the stdio protocol.
# Nightshift writes compact JSON with "type" first, so the start of a line says what it is.
say() { printf '%s\n' "$1"; }

# number KEY: a whole number of the spec, which stands in the line "prepare".
number() { printf '%s\n' "$line" | sed -n "s/.*\"spec\":{[^}]*\"$1\":\([0-9][0-9]*\).*/\1/p"; }

# A path with a quotation mark or a backslash is beyond sed: then the plugin's own disk is looked at.
folder() { printf '%s\n' "$line" | sed -n 's/.*"workingDirectory":"\([^"\\]*\)".*/\1/p'; }

fail() { say "{\"type\":\"outcome\",\"state\":\"Failed\",\"error\":{\"code\":\"$1\",\"message\":\"$2\"}}"; }

# Says how full it is. Fails, and says so, when it is too full or nobody knows.
look() {
  used=$(df -P "$disk" | awk 'NR == 2 { sub("%", "", $5); print $5 }')
  case $used in
    '' | *[!0-9]*) fail DiskUnknown "df does not say how full the disk is"; return 1 ;;
  esac
  say "{\"type\":\"record\",\"stream\":\"output\",\"value\":{\"usedPercent\":$used}}"
  [ "$used" -lt "$limit" ] || { fail DiskAlmostFull "$used % of the disk are used, the limit is $limit"; return 1; }
}

watch() { while look; do sleep "$every"; done; }

watcher=
while IFS= read -r line; do
  case $line in
    '{"type":"hello"'*) say '{"type":"ready","protocol":1}' ;;
    '{"type":"prepare"'*)
      limit=$(number limit)
      every=$(number every)
      disk=$(folder)
      : "${limit:=90}" "${disk:=.}"
      say '{"type":"prepared"}' ;;
    '{"type":"start"'*)
      # Beside this loop, which has to hear a "stop".
      if [ -n "$every" ]; then watch & watcher=$!
      elif look; then say '{"type":"outcome","state":"Completed"}'
      fi ;;
    '{"type":"stop"'*)
      if [ -n "$watcher" ] && kill "$watcher"; then say '{"type":"outcome","state":"Stopped","reason":"stopped"}'; fi ;;
    '{"type":"dispose"'*) exit 0 ;;
  esac
done
