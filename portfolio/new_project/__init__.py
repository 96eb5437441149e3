"""`portfolio new`: a project of one's own, copied from this checkout."""
