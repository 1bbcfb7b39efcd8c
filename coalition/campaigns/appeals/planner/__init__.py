"""The plan for the official petition: people with a digital signature, and steps in working days."""
