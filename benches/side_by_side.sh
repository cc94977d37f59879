#!/usr/bin/env bash
# Our cold build beside another program's on the same folders, in one run: benches/side_by_side.sh SCRIPT FOLDER...
# SCRIPT is called as `python3 SCRIPT OUT FOLDER...`. Prints the wall time of each round and the ratio of the medians.
set -euo pipefail
[ $# -ge 2 ] || { echo "usage: $0 SCRIPT FOLDER..." >&2; exit 2; }
script=$1; shift
lais="${LAIS:-${CARGO_TARGET_DIR:-target}/release/lais}"
rounds="${ROUNDS:-7}"
work="$(mktemp -d)"; trap 'rm -rf "$work"' EXIT
seconds() { local begun; begun=$(date +%s.%N); "$@" >/dev/null; echo "$(date +%s.%N) - $begun" | bc; }
for round in $(seq "$rounds"); do
  rm -rf "$work/lake" "$work/out"
  ours=$(seconds "$lais" -q --lake "$work/lake" build --sources "$@")
  theirs=$(seconds python3 "$script" "$work/out" "$@")
  echo "round $round: lais $ours s, script $theirs s"
  echo "$ours" >>"$work/ours"; echo "$theirs" >>"$work/theirs"
done
median() { sort -n "$1" | sed -n "$(( (rounds + 1) / 2 ))p"; }
echo "median: lais $(median "$work/ours") s, script $(median "$work/theirs") s, ratio $(echo "scale=2; $(median "$work/ours") / $(median "$work/theirs")" | bc)"
