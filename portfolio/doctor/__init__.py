"""Checks of this machine and of a stage: tools, credentials, state, stack and API."""
