#!/usr/bin/env bash
# Installs what this machine lacks for `make demo` or `make test`, and nothing else: quiet when all
# is there. Debian or Ubuntu for the system's packages; elsewhere it says what to install.
#   scripts/prerequis.sh construire          a compiler, Rust, Node.js
#   scripts/prerequis.sh tester              the same, a browser and cargo-deny
set -euo pipefail

besoin=${1:?construire ou tester}
paquets=()
manque() { ! command -v "$1" >/dev/null 2>&1; }

manque cc && paquets+=(build-essential)
manque cargo && manque rustup && [ ! -x "$HOME/.cargo/bin/cargo" ] && paquets+=(rustup)
manque node && paquets+=(nodejs npm)
manque make && paquets+=(make)
if [ "$besoin" = tester ]; then
  manque chromium && paquets+=(chromium)
fi

if [ ${#paquets[@]} -gt 0 ]; then
  echo "Installation de : ${paquets[*]}"
  if manque apt-get; then
    echo "Ce système n’a pas apt-get : installez vous-même ${paquets[*]}, puis relancez." >&2
    exit 1
  fi
  admin=""
  [ "$(id -u)" -eq 0 ] || admin="sudo"
  $admin apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $admin apt-get install -y -qq "${paquets[@]}" >/dev/null
fi

[ -x "$HOME/.cargo/bin/cargo" ] && export PATH="$HOME/.cargo/bin:$PATH"
if manque cargo && ! manque rustup; then
  rustup default stable >/dev/null
fi
cargo fmt --version >/dev/null 2>&1 || rustup component add rustfmt >/dev/null
cargo clippy --version >/dev/null 2>&1 || rustup component add clippy >/dev/null

if [ "$besoin" = tester ] && manque cargo-deny; then
  echo "Installation de cargo-deny (quelques minutes, une seule fois)"
  cargo install cargo-deny --locked --quiet
fi
