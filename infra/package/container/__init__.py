"""Parts of the container engine: the command, the image, and uv in the container."""
