"""Outlets that take a package: links, their desk, what they took."""
