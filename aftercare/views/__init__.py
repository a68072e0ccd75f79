"""Pages of the back door."""
