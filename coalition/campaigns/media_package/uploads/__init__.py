"""Uploads of files up to 4 GB in pieces, by the tus protocol."""
