"""What deployments need before there can be any: where their state lies, and who may deploy.

A Pulumi project of its own, deployed by hand, once for each tier; docs/bootstrap.md tells how.
"""
