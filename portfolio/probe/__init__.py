"""The contract suite against a deployed API."""
