"""The Lambda function behind api.patrickcmd.dev."""
