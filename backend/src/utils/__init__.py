"""Helpers of the other layers."""
