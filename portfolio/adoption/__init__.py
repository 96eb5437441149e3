"""Search for existing resources with a stage's names, and the effect of `pulumi up` on them."""
