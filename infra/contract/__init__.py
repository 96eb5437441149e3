"""The contract with the backend: its environment variables and its guarded routes."""
