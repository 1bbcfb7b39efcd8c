"""Applications by people without an account: apply, verify an address, use, change and withdraw."""
