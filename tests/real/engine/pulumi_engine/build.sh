#!/bin/sh
# Builds the Pulumi engine, which is published as a Go module only: build.sh TARGET
# What it is made of stands in go.mod; go.sum is left to Go, as the checksum database holds it.
set -eu

version=$(sed -n 's|^require github.com/pulumi/pulumi/pkg/v3 ||p' "$(dirname "$0")/go.mod")
target=$1

${GO:=go} version >/dev/null || {
  echo "error: Go is missing, which builds the Pulumi engine of tests/real/engine:" \
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
  echo "error: the Pulumi engine could not be built; the lines above are Go's." >&2
  exit 1
}
# In one step: who finds it finds it whole.
mv "$build/pulumi" "$target"
