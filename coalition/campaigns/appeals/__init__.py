"""Appeals: what the public can support, by mail, without an account."""
