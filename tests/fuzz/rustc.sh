#!/usr/bin/env bash
# Cargo calls this instead of rustc. Crates that read what others wrote are instrumented, so that the fuzzer sees which
# branches an input takes; the rest (engines, allocators, the fuzzer itself) is compiled as it is.
set -euo pipefail
rustc="$1"
shift
case "${CARGO_PKG_NAME:-}" in
  lais-ingest | lais-report | lais-sheet | lais-framework | calamine | quick-xml | zip | cfb | csv | csv-core | toml | \
    toml_parser | hayro-syntax | hayro-cmap | pulldown-cmark | parquet)
    if [ "${CARGO_CRATE_NAME:-}" != build_script_build ]; then
      set -- "$@" -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
        -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
        -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1
    fi
    ;;
esac
exec "$rustc" "$@"
