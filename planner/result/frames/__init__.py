"""Results as frames with geometry: one per layer of the map."""
