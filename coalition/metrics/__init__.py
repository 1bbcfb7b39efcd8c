"""What an operator watches: numbers on an address of their own, never on the public one (METRICS_ADDRESS)."""
