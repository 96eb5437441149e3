#!/usr/bin/env bash
# Fails unless the checked-out commit is on main: production gets reviewed code only.
#
# Needs the complete history: actions/checkout with fetch-depth 0.
set -euo pipefail

if ! git merge-base --is-ancestor HEAD origin/main; then
  echo "::error::$(git rev-parse --short HEAD) is not on main: merge it, then tag the commit of main."
  exit 1
fi
