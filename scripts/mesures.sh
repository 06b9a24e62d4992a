#!/usr/bin/env bash
# Every benchmark, in turn, with the machine and versions first: paste into docs/benchmarks.md.
set -euo pipefail
echo "$(nproc) × $(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2 | xargs), $(rustc --version), $(date +%F)"
for mesure in cube periodes journal http kafka cellules endurance; do
  echo "== $mesure"
  cargo bench --quiet --bench "$mesure"
done
