"""The ledger of printed cards: what became of each batch, packets of volunteers, counts and deliveries."""
