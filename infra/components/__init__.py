"""The program's components, one a file; none of them reads configuration."""
