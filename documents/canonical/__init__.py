"""What exactly is approved: the canonical form of a draft text (canon 1).

Organisations approve words, not a rendering. This package turns the editor's
JSON into a small versioned document, gives its bytes and its hash, checks such
a document from outside, and renders it. It goes one way only: nothing is ever
parsed back from HTML. `README.md` beside this file describes the form and what
was decided, also for people who verify a publication without our code.

The package is pure: no models, no database, no request, and nothing of the
rest of the project is imported.
"""
