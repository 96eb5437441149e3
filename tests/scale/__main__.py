"""`uv run python -m tests.scale`: write the tables of docs/scale.md."""

from tests.scale.page import PAGE, write_tables

PAGE.write_text(write_tables(PAGE.read_text()))
