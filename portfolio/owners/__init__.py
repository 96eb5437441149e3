"""`portfolio owner`: the users of a stage, and the owners among them."""
