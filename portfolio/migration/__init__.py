"""Migration of the content and counters of the SAM deployment into a stage's table."""
