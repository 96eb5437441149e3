"""`portfolio invoke` and `portfolio event`: call a stage's API or its function."""
