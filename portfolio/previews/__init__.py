"""Preview environments: one stack for each pull request that asks for it."""
