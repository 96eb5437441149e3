"""The command line in Typer, one command in each file."""
