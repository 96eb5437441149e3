#!/bin/sh
# Build a program that is published as a Go module: build_go.sh FOLDER PACKAGE TARGET [LDFLAGS].
#
# FOLDER has go.mod with its version, and go.sum with the hashes of all modules: Go refuses others.
# Of the user's settings of Go, those about downloads count.
set -eu
folder=$1 package=$2 target=$3 flags=${4-}
program=${target##*/}

fail() {
  echo "error: $*" >&2
  exit 1
}

# A GO of several words is uv, which may have to download Go first.
case ${GO:=go} in
  *' '*) timeout= ;;
  *) timeout=$(command -v timeout || :) ;;
esac
# shellcheck disable=SC2086 # uv and its options are several words
${timeout:+"$timeout" 20} $GO version >/dev/null 2>&1 ||
  fail "Go is missing or does not run ($GO); it builds $program:" \
    "install Go $(awk '/^go / { print $2 }' "$folder/go.mod") or newer" \
    "(https://go.dev/doc/install), then try again."

mkdir -p "$(dirname "$target")"
build=$(mktemp -d "$(dirname "$target")/unfinished-XXXXXX")
trap 'rm -rf "$build"' EXIT
cp "$folder/go.mod" "$folder/go.sum" "$build"

echo "building $program $(awk '/^require/ { print $3 }' "$folder/go.mod") (some minutes the first time)"
# shellcheck disable=SC2086
GOFLAGS=-mod=readonly GOWORK=off $GO build -C "$build" -buildvcs=false -o "$program" \
  -ldflags "-s -w $flags" "$package" ||
  fail "$program could not be built: see the lines of Go above."
# In one step: other processes see the complete file or none.
mv "$build/$program" "$target"
