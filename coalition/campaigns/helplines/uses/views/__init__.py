"""Pages of uses."""
