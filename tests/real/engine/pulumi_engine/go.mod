module pulumi-engine

go 1.25.11

// The engine's version: `make engine` reads it here.
require github.com/pulumi/pulumi/pkg/v3 v3.259.0

// As in the engine's own go.mod, whose replacements do not reach us.
replace github.com/atotto/clipboard => github.com/tgummerer/clipboard v0.0.0-20241001131231-d02d263e614e
