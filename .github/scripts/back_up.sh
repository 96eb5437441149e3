#!/usr/bin/env bash
# Exports a stage's content, encrypted for BACKUP_PUBLIC_KEY: back_up.sh STAGE FILE
#
# The plain text passes through a pipe, and no file has it. FILE is written only if all succeeds.
set -euo pipefail

stage=$1 file=$2
: "${BACKUP_PUBLIC_KEY:?is missing: see docs/backups.md}"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
printf '%s\n' "$BACKUP_PUBLIC_KEY" >"$folder/public.asc"

bin/portfolio content export - --stack "$stage" \
  | gpg --homedir "$folder" --batch --quiet --no-autostart --encrypt \
    --recipient-file "$folder/public.asc" --output "$folder/encrypted"
mv "$folder/encrypted" "$file"
