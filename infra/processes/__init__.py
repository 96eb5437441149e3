"""This process and its subprocesses: environment, signals, work in the background."""
