"""Previews: one stack for each pull request."""
