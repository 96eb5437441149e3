"""How the stages differ, and why."""
