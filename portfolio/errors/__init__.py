"""Errors as one line for people, with the next step."""
