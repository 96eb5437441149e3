"""What the other layers share."""
