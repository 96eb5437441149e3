"""Resources left pending by an interrupted deployment."""
