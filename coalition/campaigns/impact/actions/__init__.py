"""Grants, figures and reports: what people write."""
