"""What is in AWS under a stage's names, and what `pulumi up` would do to it."""
