#!/usr/bin/env bash
# Runs `portfolio preview sweep` with the open pull requests and the options of this script.
set -euo pipefail

# If GitHub prints nothing, the list is empty, and the command refuses it.
open=$(gh pr list --state open --limit 10000 --json number \
  --jq 'if . == [] then "none" else map(.number) | join(",") end')
bin/portfolio preview sweep --open "$open" "$@"
