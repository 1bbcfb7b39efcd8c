"""Public pages that a proxy keeps in front of us: which, for how long, and how they go at once."""
