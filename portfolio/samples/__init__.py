"""Sample content of every kind, written through the API as an owner."""
