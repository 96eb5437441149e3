"""Differences between the stages, and their reasons."""
