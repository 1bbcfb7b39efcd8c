"""Backup of database and files as one encrypted file, and its restoration."""
