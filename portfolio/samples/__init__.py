"""Sample posts, projects and certifications, written through the API as an owner."""
