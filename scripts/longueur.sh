#!/usr/bin/env bash
# One idea a file: refuses source files over 500 lines, tests and generated files aside.
set -euo pipefail
max=500
trop=$(git ls-files --cached --others --exclude-standard '*.rs' '*.ts' '*.svelte' '*.css' '*.sh' '*.mjs' \
  | grep -v -E '(^|/)tests?/|_tests\.rs$|(^|/)tests\.rs$|schema\.d\.ts$' \
  | xargs -r wc -l | awk -v max="$max" '$2 != "total" && $1 > max { print "  " $2 " : " $1 " lignes" }')
if [ -n "$trop" ]; then
  printf 'Fichiers de plus de %s lignes, à découper :\n%s\n' "$max" "$trop" >&2
  exit 1
fi
