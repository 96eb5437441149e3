"""`portfolio owner`: who may write on a stage."""
