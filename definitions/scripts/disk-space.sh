# Tells how full the disks are that hold some folders.
#
#   FOLDERS   one or more, with colons between them (/)
#   WARN_AT   percent in use at which it warns (80)
#   FAIL_AT   percent in use at which it fails (95)
#
# Exit code 0: there is room. 3: a disk is at WARN_AT. 1: one is at FAIL_AT, or cannot be asked. 2: an option is wrong.
set -uf

folders=${FOLDERS:-/} warn_at=${WARN_AT:-80} fail_at=${FAIL_AT:-95} worst=0

percentage() {
  case $2 in
    '' | *[!0-9]* | ????*) echo "disk-space: $1 must be a percentage, not \"$2\"" >&2; exit 2 ;;
  esac
}

# worse CODE: 1 is worse than 3, which is worse than 0
worse() {
  [ "$worst" = 1 ] || worst=$1
}

check() {
  # -P: one line a disk, whatever its name; -k: kibibytes. What follows the percentage is where the disk is mounted.
  facts=$(df -P -k -- "$1" 2>&1 | sed -n '2s/.* \([0-9][0-9]*\)  *\([0-9][0-9]*\)% .*/\1 \2/p')
  if [ -z "$facts" ]; then
    echo "::error::disk-space: df says nothing about \"$1\"; is it a folder on a disk?"
    worse 1
    return
  fi
  used=${facts#* }
  free=$(awk -v kib="${facts% *}" 'BEGIN { printf "%.1f GB", kib * 1024 / 1e9 }')
  if [ "$used" -ge "$fail_at" ]; then
    echo "::error::$1: $used % in use, $free free"
    worse 1
  elif [ "$used" -ge "$warn_at" ]; then
    echo "::warning::$1: $used % in use, $free free"
    worse 3
  else
    echo "disk-space: $1: $used % in use, $free free"
  fi
}

percentage WARN_AT "$warn_at"
percentage FAIL_AT "$fail_at"
IFS=:
for folder in $folders; do check "$folder"; done
exit "$worst"
