"""Data for hints in the editor: active terms and the patterns that match them."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from documents.glossary.matching import ENDINGS, LANGUAGES, patterns_of
from documents.glossary.models import GlossaryTerm

type Rows = tuple[tuple[str, ...], ...]
_NAMES = ("field", *LANGUAGES, *(f"{what}_{code}" for what in ("avoid", "note") for code in LANGUAGES))


def editor_hints(terms: Iterable[GlossaryTerm]) -> dict[str, Any]:
    """Return the JSON of `glossary.json`: `endings`, `terms` and `patterns` (docs/glossary.md)."""
    rows = tuple((str(term.uuid), *(getattr(term, name) for name in _NAMES)) for term in terms)
    return _build_hints(rows)


@lru_cache(maxsize=2)
def _build_hints(rows: Rows) -> dict[str, Any]:
    terms, patterns = [], []
    for identity, *values in rows:
        said = dict(zip(_NAMES, values, strict=True))
        terms.append(
            {
                "id": identity,
                "field": said["field"],
                **{code: said[code] for code in LANGUAGES},
                "avoid": _values_by_language("avoid", said),
                "note": _values_by_language("note", said),
            }
        )
        patterns += patterns_of(
            identity,
            {code: said[code] for code in LANGUAGES},
            {code: said[f"avoid_{code}"] for code in LANGUAGES},
        )
    return {"endings": ENDINGS, "terms": terms, "patterns": [one.as_data() for one in patterns]}


def _values_by_language(what: str, said: dict[str, str]) -> dict[str, str]:
    return {code: said[f"{what}_{code}"] for code in LANGUAGES if said[f"{what}_{code}"]}
