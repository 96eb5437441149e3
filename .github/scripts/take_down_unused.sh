#!/usr/bin/env bash
# Deletes the preview of pull request NUMBER if it is unused, and changes the comment about it.
#
# The comment stays if the preview is in use again. RUN is this run's address.
set -euo pipefail

result=success
said=$(.github/scripts/sweep_previews.sh --only "$NUMBER") || result=failure
echo "$said"
if [[ $result == failure || $said == *"pr-$NUMBER is gone."* ]]; then
  UP=skipped DOWN=$result .github/scripts/comment_on_preview.sh
fi
[[ $result == success ]]
