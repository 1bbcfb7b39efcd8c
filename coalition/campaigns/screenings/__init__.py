"""Screenings of a film, asked for by organisations without an account."""
