#!/bin/sh
say() { printf '%s\n' "$1"; }
while IFS= read -r line; do
  case $line in
    '{"type":"hello"'*)   say '{"type":"ready","protocol":1}' ;;
    '{"type":"prepare"'*) say '{"type":"prepared"}' ;;
    '{"type":"start"'*)
      used=$(df -P . | awk 'NR == 2 { sub("%", "", $5); print $5 }')
      say "{\"type\":\"record\",\"stream\":\"output\",\"value\":{\"usedPercent\":$used}}"
      if [ "$used" -lt 90 ]; then say '{"type":"outcome","state":"Completed"}'
      else say '{"type":"outcome","state":"Failed","error":{"code":"DiskAlmostFull","message":"over 90 % used"}}'; fi ;;
    '{"type":"dispose"'*) exit 0 ;;
  esac
done
