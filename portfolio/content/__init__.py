"""Export, import and copy of a stage's content and counters, as a file of JSON Lines."""
