#!/usr/bin/env bash
# Installs what this machine lacks for `make demo` or `make test`, and nothing else: quiet when all
# is there. Debian or Ubuntu for the system's packages; elsewhere it says what to install.
#   scripts/prerequis.sh construire          compilers, Rust, Node.js, what librdkafka is built with
#   scripts/prerequis.sh tester              the same, a browser, cargo-deny, Java and Maven for Kafka
#                                          and veraPDF, PostgreSQL, a mail server, readers of PDF
set -euo pipefail

besoin=${1:?construire ou tester}
paquets=()
manque() { ! command -v "$1" >/dev/null 2>&1; }

bibliotheque_manque() { ! pkg-config --exists "$1" 2>/dev/null; }

{ manque cc || manque c++; } && paquets+=(build-essential)
manque pkg-config && paquets+=(pkg-config)
bibliotheque_manque openssl && paquets+=(libssl-dev)
bibliotheque_manque zlib && paquets+=(zlib1g-dev)
manque cargo && manque rustup && [ ! -x "$HOME/.cargo/bin/cargo" ] && paquets+=(rustup)
manque node && paquets+=(nodejs npm)
manque make && paquets+=(make)
if [ "$besoin" = tester ]; then
  manque chromium && paquets+=(chromium)
  manque javac && paquets+=(default-jdk-headless)
  manque mvn && paquets+=(maven)
  [ -x /usr/sbin/sshd ] || paquets+=(openssh-server)
  manque pdfinfo && paquets+=(poppler-utils)
  /usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null || paquets+=(python3-aiosmtpd)
  [ -x /usr/sbin/slapd ] || paquets+=(slapd)
  ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || paquets+=(postgresql)
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
