#!/bin/sh
# Builds the Pulumi engine: build.sh TARGET. It is published as a Go module only.
# go.mod has its version; Go creates go.sum and checks it with the checksum database.
set -eu

version=$(sed -n 's|^require github.com/pulumi/pulumi/pkg/v3 ||p' "$(dirname "$0")/go.mod")
target=$1

${GO:=go} version >/dev/null || {
  echo "error: Go is missing; it builds the Pulumi engine of tests/real/engine:" \
    "install Go 1.25.11 or newer (https://go.dev/doc/install), then try again." >&2
  exit 1
}

mkdir -p "$(dirname "$target")"
build=$(mktemp -d "$(dirname "$target")/unfinished-XXXXXX")
trap 'rm -rf "$build"' EXIT
cp "$(dirname "$0")/go.mod" "$build"

echo "building the Pulumi engine $version (some minutes the first time)"
$GO build -C "$build" -mod=mod -o pulumi \
  -ldflags "-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=$version" \
  github.com/pulumi/pulumi/pkg/v3/cmd/pulumi || {
  echo "error: the Pulumi engine could not be built: see the lines of Go above." >&2
  exit 1
}
# In one step: other processes see the complete file or none.
mv "$build/pulumi" "$target"
