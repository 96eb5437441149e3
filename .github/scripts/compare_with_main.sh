#!/usr/bin/env bash
# Compares this checkout's zip with main's, and writes Markdown to a file: compare_with_main.sh FILE
#
# A failure does not stop the workflow, because the preview is deployed by then. The file gives the
# reason instead.
set -euo pipefail

file=$1
log=$(mktemp)
trap 'rm -f "$log"' EXIT

bin/portfolio inspect --base origin/main --stack preview --markdown 2>&1 >"$file" \
  | tee "$log" >&2 || echo 'The preview is deployed, but the comparison failed.' >&2

# A comparison that ends early has written nothing.
if [[ ! -s $file ]]; then
  reason=$(tail -n 1 "$log")
  # Indented lines are code: the reason can be any text, and is not read as Markdown.
  # shellcheck disable=SC2016 # Markdown's code, not a command's output
  printf 'The zip is not compared with `origin/main`:\n\n    %s\n' "${reason#error: }" >"$file"
fi
