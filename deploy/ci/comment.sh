#!/usr/bin/env bash
# Keeps one comment of a merge request (GitLab) or a pull request (GitHub) up to date.
#   usage: deploy/ci/comment.sh FILE
# GitLab: CI_API_V4_URL, CI_PROJECT_ID and CI_MERGE_REQUEST_IID, which a job has, and GITLAB_TOKEN.
# GitHub: GITHUB_API_URL and GITHUB_REPOSITORY, which a job has, PULL_REQUEST and GITHUB_TOKEN.
set -euo pipefail
mark="<!-- compare-models -->"
body=$(jq -Rs --arg mark "$mark" '{body: ($mark + "\n" + .)}' "$1")
if [ -n "${GITLAB_TOKEN:-}" ]; then
  header="PRIVATE-TOKEN: $GITLAB_TOKEN"
  all=$CI_API_V4_URL/projects/$CI_PROJECT_ID/merge_requests/$CI_MERGE_REQUEST_IID/notes
  one=$all
  change=PUT
else
  header="Authorization: Bearer ${GITHUB_TOKEN:?GITLAB_TOKEN or GITHUB_TOKEN is needed}"
  all=$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments
  one=$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/issues/comments
  change=PATCH
fi

# A header from a file is not seen in the list of processes.
call() {
  curl -sS --fail-with-body --max-time 60 --retry 3 -H "Content-Type: application/json" \
    -H @<(printf '%s\n' "$header") "$@"
}

# The first hundred comments are looked through: ours is made by the first pipeline.
id=$(call "$all?per_page=100&sort=asc" |
  jq -r --arg mark "$mark" '[.[] | select(.body | startswith($mark))][0].id // empty')
if [ -n "$id" ]; then
  call -X "$change" --data @- "$one/$id" <<<"$body" >/dev/null
else
  call -X POST --data @- "$all" <<<"$body" >/dev/null
fi
