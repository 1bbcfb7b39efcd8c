"""The history of a text: points, who wrote what, going back. See docs/history.md."""
