#!/usr/bin/env bash
# Creates or updates the comment about the preview of pull request NUMBER.
#
# UP and DOWN are the results of this RUN's jobs. SUMMARY is the summary of a successful update, and
# stays in the comment if a later update fails.
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
    notice='This preview is deleted when the pull request is closed, or after a week without a push. A push deploys it again.'
    last=$SUMMARY
    ;;
  failure,*) notice="⚠️ The [last update failed]($RUN).${last:+ The following is about the update before it.}" ;;
  *,success) notice='The preview is deleted.' last= ;;
  *,failure) notice="⚠️ The preview [could not be deleted]($RUN). Run \`portfolio preview down $NUMBER\` to see the reason." ;;
  *) exit 0 ;;
esac

body=$(printf '%s\n%s\n\n%s\n%s' "$marker" "$notice" "$divider" "$last")
if [[ $id ]]; then
  gh api --silent --method PATCH "repos/$GH_REPO/issues/comments/$id" --raw-field body="$body"
else
  gh api --silent --method POST "$comments" --raw-field body="$body"
fi
