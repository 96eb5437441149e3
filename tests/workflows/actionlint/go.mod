module actionlint

go 1.25.11

// The version: `make lint` reads it here.
require github.com/rhysd/actionlint v1.7.7
