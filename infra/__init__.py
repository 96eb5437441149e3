"""The Pulumi program, its settings and its package builder."""
