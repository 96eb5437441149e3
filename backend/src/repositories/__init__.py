"""Repositories: items in the DynamoDB table, and users in Cognito."""
