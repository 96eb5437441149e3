"""Posts, projects and certifications to look at, made over HTTP as an owner would."""
