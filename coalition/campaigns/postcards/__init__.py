"""Postcards: designs from approved texts, printed batches, and a ledger of what became of them."""
