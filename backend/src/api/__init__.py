"""Routes of the API; each checks its input, makes one call and returns the result."""
