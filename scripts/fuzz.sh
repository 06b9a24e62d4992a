#!/usr/bin/env bash
# Fuzzes each reader of strangers' bytes for some seconds. usage: fuzz.sh [SECONDS]
# New inputs go to fuzz/trouvailles/, which is not kept; one that breaks a target goes to
# fuzz/artifacts/: mend the reader, then keep the input under a telling name in fuzz/corpus/.
set -euo pipefail
cd "$(dirname "$0")/.."
duree=${1:-60}

rustup toolchain list | grep -q '^nightly' || rustup toolchain install nightly --profile minimal
command -v cargo-fuzz >/dev/null || cargo install cargo-fuzz --locked

# Its own folder: instrumented builds have nothing to share with the others.
export CARGO_TARGET_DIR=$PWD/fuzz/target
cargo +nightly fuzz build
for cible in $(cargo +nightly fuzz list); do
    echo "== $cible, $duree s"
    trouvailles=fuzz/trouvailles/$cible
    mkdir -p "$trouvailles"
    cargo +nightly fuzz run "$cible" "$trouvailles" "fuzz/corpus/$cible" -- \
        -max_total_time="$duree" -max_len=4096 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        2>&1 | grep -E 'ERROR|panicked|Test unit written|stat::(number_of_executed_units|peak_rss_mb)|Done'
done
