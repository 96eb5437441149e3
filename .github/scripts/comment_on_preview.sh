#!/usr/bin/env bash
# Keeps the one comment that tells of the preview of pull request NUMBER: how its update (UP) or its
# end (DOWN) went in this RUN, and the SUMMARY of the last update that went well.
set -euo pipefail

marker='<!-- portfolio-api preview -->'
divider='<!-- its last update -->'
comments=repos/$GH_REPO/issues/$NUMBER/comments

id=$(gh api --paginate "$comments?per_page=100" --jq ".[]
  | select(.user.login == \"github-actions[bot]\" and (.body | startswith(\"$marker\"))) | .id")
id=${id%%$'\n'*}
last=
if [[ $id ]]; then
  last=$(gh api "repos/$GH_REPO/issues/comments/$id" --jq '.body | gsub("\r"; "")')
  last=${last#*"$divider"$'\n'}
fi

case $UP,$DOWN in
  success,*)
    notice='This preview goes when the pull request is closed, and after a week without a push. A push brings it back.'
    last=$SUMMARY
    ;;
  failure,*) notice="⚠️ The preview's [last update failed]($RUN).${last:+ What follows tells of the one before.}" ;;
  *,success) notice='The preview is gone.' last= ;;
  *,failure) notice="⚠️ The preview [could not be taken down]($RUN): somebody must look after it." ;;
  *) exit 0 ;;
esac

body=$(printf '%s\n%s\n\n%s\n%s' "$marker" "$notice" "$divider" "$last")
if [[ $id ]]; then
  gh api --silent --method PATCH "repos/$GH_REPO/issues/comments/$id" --raw-field body="$body"
else
  gh api --silent --method POST "$comments" --raw-field body="$body"
fi
