"""Problem to cut sets: what separates regions, what isolates each, and the second opinion on a plan."""
