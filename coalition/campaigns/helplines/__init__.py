"""Helplines: where a person gets help."""
