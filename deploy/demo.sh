#!/usr/bin/env bash
# Shows BSS on a private cluster. On a fresh Debian 12 or 13, as root, installs what it needs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. deploy/environment.sh

step "packages" bash deploy/packages.sh
step "virtual environment" make_venv ""
step "private cluster" "$venv/bin/bss" dev up
exec "$venv/bin/bss" demo --dsn "$("$venv/bin/bss" dev status)"
