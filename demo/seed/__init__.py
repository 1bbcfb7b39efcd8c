"""Seeding the demo coalition through the domain functions that people use, and taking it away again."""
