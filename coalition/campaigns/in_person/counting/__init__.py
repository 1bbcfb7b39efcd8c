"""Counting of tables and paper sheets by two people, and closing of tables."""
