"""This process and its subprocesses: environment, signals, background work."""
