"""Pages of the rooms."""
