"""Asks: what is demanded, clause by clause, and what became of each."""
