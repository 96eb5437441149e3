"""Contents of a zip and differences between two zips: as text, JSON or Markdown."""
