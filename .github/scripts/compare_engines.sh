#!/usr/bin/env bash
# Builds a stage's zip in the container and on the host, and fails if they differ:
# compare_engines.sh STAGE
#
# The image's tag may move to another image. If that changes the zip, the deployment stops here.
# `pulumi up` finds the container's zip in the cache.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

for engine in host container; do
  bin/portfolio package --stack "$1" --engine "$engine" --output "$folder/$engine.zip"
done
if ! cmp "$folder/host.zip" "$folder/container.zip"; then
  echo '::error::The build image makes another zip than the host: see docs/package.md.'
  exit 1
fi
