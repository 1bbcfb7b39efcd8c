"""Seed the demo coalition through the actions that people use, and remove it."""
