"""Referral codes: which organisation brought somebody to an action, by which medium."""
