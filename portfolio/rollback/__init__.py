"""`portfolio rollback`: make an earlier version of the function live."""
