"""The operators' link: one page on a phone for one line, without an account and without a name."""
