"""Modules for the emulator's worker processes; its own interpreter runs them."""
