"""The coalition's glossary: terms of law and violence in three languages, and matching them in
texts.

Terms edited by coordinators live in `models/glossary.py`; `terms.toml` is the initial list of a new
site. `docs/glossary.md` describes the matcher for the editor. Except for `hints.py` the package is
pure.
"""
