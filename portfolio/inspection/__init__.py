"""What is in a zip, and what changed between two: for people, and as JSON."""
