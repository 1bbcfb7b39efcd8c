"""Corrections and withdrawals: notices to those who took an item, and their answers."""
