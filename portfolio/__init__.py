"""The `portfolio` commands."""
