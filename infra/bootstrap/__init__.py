"""The bootstrap: the state store and the deploy role, needed before the first deployment.

It is a separate Pulumi project. A person deploys it once for each tier; see docs/bootstrap.md.
"""
