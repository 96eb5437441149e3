"""`portfolio traces`: X-Ray's traces of a stage."""
