"""The architecture of a stage as an SVG picture, drawn from what the program registers."""
