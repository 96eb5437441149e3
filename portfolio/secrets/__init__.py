"""Secrets of a stage: set, listed and removed, and never shown."""
