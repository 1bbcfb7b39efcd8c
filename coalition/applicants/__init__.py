"""People without an account: they ask, prove an address, use what they got, change it, and withdraw."""
