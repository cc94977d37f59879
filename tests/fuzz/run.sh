#!/usr/bin/env bash
# Fuzzes every parser for a while, or those named: tests/fuzz/run.sh [SECONDS [TARGET…]]; 600 s each unless told.
#
# What is found goes into tests/fuzz/corpus/TARGET: inputs that reach a new branch while it runs in a folder of their
# own, and the smallest set of them at the end. An input that ends the program is left in tests/fuzz/found; mend the
# program and move it into the corpus, which `cargo test` reads.
set -euo pipefail
cd "$(dirname "$0")"
seconds="${1:-600}"
shift || true
targets=("$@")
[ "${#targets[@]}" -gt 0 ] || targets=(table sheet report pages document parquet pipeline)

export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/../../target}/fuzz"
RUSTC_WRAPPER="$PWD/rustc.sh" cargo build
mkdir -p found
for target in "${targets[@]}"; do
  work="$(mktemp -d)"
  mkdir -p "corpus/$target"
  printf '== %s for %s s\n' "$target" "$seconds"
  TMPDIR="$work" "$CARGO_TARGET_DIR/debug/$target" "$work" "corpus/$target" -max_total_time="$seconds" \
    -max_len=65536 -timeout=30 -rss_limit_mb=1024 -artifact_prefix="found/$target-" -print_final_stats=1 -verbosity=0
  # Of what it reached, the smallest set of inputs that takes every branch is kept.
  least="$(mktemp -d)"
  TMPDIR="$work" "$CARGO_TARGET_DIR/debug/$target" -set_cover_merge=1 -use_counters=0 -verbosity=0 "$least" \
    "corpus/$target" "$work"
  for input in "$least"/*; do
    sum="$(sha1sum "$input" | cut -c1-12)"
    if ! cmp -s "$input" "corpus/$target/$sum" && ! sha1sum "corpus/$target"/* | grep -q "^$sum"; then
      cp "$input" "corpus/$target/$sum"
    fi
  done
  rm -rf "$work" "$least"
done
