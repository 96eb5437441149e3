"""Addresses of a stage's pages: its API, and AWS's console."""
