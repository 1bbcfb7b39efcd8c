"""Kinds of text: the purpose of each, and the template for its drafts.

Pure: data and its parsing. `docs/kinds.md` describes how to write and change a template.
"""
