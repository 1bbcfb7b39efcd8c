"""Posters and infographics set from templates, in every language of a published text."""
