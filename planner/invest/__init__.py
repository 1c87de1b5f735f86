"""Money and risk: what a plan costs to keep, what it is worth, and in which order to build it."""
