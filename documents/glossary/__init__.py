"""The coalition's glossary: terms of law and violence in three languages, and how they are found in texts.

Terms that coordinators edit live in `models/glossary.py`; `terms.toml` is what a new site begins with.
`docs/glossary.md` describes the matcher for the editor. But for `hints.py` the package is pure.
"""
