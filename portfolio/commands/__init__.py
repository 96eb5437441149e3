"""The command line in Typer, one command in each file.

A command imports its steps when it runs, so that `portfolio --help` does not wait for boto3 and
Pulumi.
"""
