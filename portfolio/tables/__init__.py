"""Cells of tables that fit the terminal."""
