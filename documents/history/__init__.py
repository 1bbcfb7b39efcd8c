"""The history of a text: points, authors of its words, restoring. See docs/history.md."""
