"""Ways to run the Pulumi program: with the CLI, the Automation API, or in this process."""
