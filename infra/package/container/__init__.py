"""Builds inside an Amazon Linux container."""
