"""Frames as something to look at in a notebook: a summary, a small map, axes, a map to move in."""
