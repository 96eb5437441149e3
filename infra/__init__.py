"""The Pulumi program of portfolio-api, its settings and its package builder."""
