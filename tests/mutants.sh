#!/usr/bin/env bash
# Changes crates/stats in every way that cargo-mutants knows and sees whether a test fails; what was done is not done again.
#
#     tests/mutants.sh OUT [FILE…]      # FILE such as funnel/exact.rs; all files without one
#
# OUT takes an outcomes.json a file. About three seconds a change on two cores, three hours in all; docs/mutants.md has
# what came of it. Needs cargo-mutants (`cargo install --locked cargo-mutants`).
set -euo pipefail
mkdir -p "$1" && out="$(cd "$1" && pwd)" && shift
cd "$(dirname "$0")/.."
# Its target folder is its own; golden files are in the clone, or where LAIS_GOLDEN says.
unset CARGO_TARGET_DIR
export PROPTEST_CASES="${PROPTEST_CASES:-24}"
if [ -z "${LAIS_GOLDEN:-}" ] && [ -d ../shared/golden ]; then export LAIS_GOLDEN="$PWD/../shared/golden"; fi

files=("$@")
if [ ${#files[@]} -eq 0 ]; then
  mapfile -t files < <(cargo mutants -p lais-stats --list-files | sed 's|^crates/stats/src/||')
fi
for file in "${files[@]}"; do
  name="${file//\//_}"
  if [ -f "$out/$name.json" ]; then continue; fi
  work="$(mktemp -d)"
  # Most of the time of a run is draws and simulations; they are run for what they can notice.
  skip=(--skip cusum::threshold --skip composite::tests::under_equal_weights_any)
  case "$file" in
    cusum/threshold.rs) skip=() ;;
    rank.rs | composite.rs | composite/* | gamma_poisson.rs | distribution/*) ;;
    *) skip+=(--skip composite::ranks --skip rank::tests) ;;
  esac
  code=0
  cargo mutants -p lais-stats -f "crates/stats/src/$file" --baseline skip --timeout 60 -o "$work" -- -- "${skip[@]}" ||
    code=$?
  # 0 all caught, 2 some missed, 3 some without end; anything else was cut short.
  case $code in
    0 | 2 | 3) cp "$work/mutants.out/outcomes.json" "$out/$name.json" ;;
    *) echo "$file: cut short ($code)" >&2 && exit "$code" ;;
  esac
  rm -rf "$work"
done

python3 - "$out" <<'PYTHON'
import collections, glob, json, sys

count, survivors = collections.Counter(), []
for file in sorted(glob.glob(sys.argv[1] + "/*.json")):
    for outcome in json.load(open(file))["outcomes"]:
        if outcome["scenario"] != "Baseline":
            count[outcome["summary"]] += 1
            if outcome["summary"] == "MissedMutant":
                survivors.append(outcome["scenario"]["Mutant"]["name"])
caught = count["CaughtMutant"] + count["Timeout"]
viable = caught + count["MissedMutant"]
print(*survivors, sep="\n")
print(f"{viable} changes that compile, {caught} caught ({100 * caught / max(viable, 1):.1f} per cent), "
      f"{count['Timeout']} of them because no test ended; {count['Unviable']} do not compile")
PYTHON
