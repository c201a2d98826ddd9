#!/bin/sh
# A job whose every byte is known beforehand:  job.sh EFFECTS LINE OUT ERR GATE CODE
#
# It leaves LINE in the file EFFECTS by one write, gives the bytes of OUT and ERR in pieces that cut lines anywhere, waits
# half-way until the file GATE is there (and says by GATE.reached that it waits), and exits with CODE.
effects=$1 line=$2 out=$3 err=$4 gate=$5 code=$6
size=7001
pieces=$(( ($(wc -c <"$out") + size - 1) / size ))

printf '%s\n' "$line ${NIGHTSHIFT_ATTEMPT-?} $$" >>"$effects"
i=0
while [ "$i" -lt "$pieces" ]; do
  if [ "$i" -eq $((pieces / 2)) ]; then
    : >"$gate.reached"
    while [ ! -e "$gate" ]; do sleep 0.05; done
  fi
  dd if="$out" bs=$size skip="$i" count=1 2>/dev/null
  { dd if="$err" bs=$size skip="$i" count=1 2>/dev/null; } >&2
  i=$((i + 1))
done
exit "$code"
