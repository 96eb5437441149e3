"""`portfolio rollback`: an earlier version of the function behind the API."""
