"""Erasing a person's data, and exporting an organisation's own."""
