"""The canonical form of a draft text (canon 1): exactly what organisations approve.

Organisations approve words, not a rendering. This package turns the editor's JSON into a small versioned
document, serialises and hashes it, validates documents from outside and renders them. The conversion is
one-way: HTML is never parsed back. `README.md` in this folder specifies the form and the decisions, also for
people who verify a publication without our code.

The package is pure: no models, no database, no request, no imports from the rest of the project.
"""
