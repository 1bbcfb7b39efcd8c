"""Public pages in a caching reverse proxy: which, for how long, and their invalidation."""
