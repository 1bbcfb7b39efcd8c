"""Comparison of the public site with the record (`documents.publication.verification`)."""
