"""Kinds of text: what each is for, and the template from which a draft of it begins.

Pure: data and its reading. `docs/kinds.md` says how a template is written and changed.
"""
