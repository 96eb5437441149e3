"""What is stored, in the one DynamoDB table."""
