"""One command a file, typed with Typer."""
