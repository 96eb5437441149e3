"""The architecture of a stage as an SVG picture, drawn from the program's resources."""
