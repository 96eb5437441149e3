"""The Pulumi program of portfolio-api, its package builder and its local stage."""
