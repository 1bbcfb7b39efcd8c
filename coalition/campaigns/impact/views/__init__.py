"""Pages of figures: at the desk, and by a donor's link."""
