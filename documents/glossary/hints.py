"""What the editor gets to give hints: the terms in use and the patterns that find them."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from documents.glossary.matching import ENDINGS, LANGUAGES, patterns_of
from documents.glossary.models import GlossaryTerm

type Rows = tuple[tuple[str, ...], ...]
_NAMES = ("field", *LANGUAGES, *(f"{what}_{code}" for what in ("avoid", "note") for code in LANGUAGES))


def hints_of(terms: Iterable[GlossaryTerm]) -> dict[str, Any]:
    """The JSON of `glossary.json`: `endings`, `terms` and `patterns` (docs/glossary.md)."""
    rows = tuple((str(term.uuid), *(getattr(term, name) for name in _NAMES)) for term in terms)
    return _made(rows)


@lru_cache(maxsize=2)
def _made(rows: Rows) -> dict[str, Any]:
    terms, patterns = [], []
    for identity, *values in rows:
        said = dict(zip(_NAMES, values, strict=True))
        terms.append(
            {
                "id": identity,
                "field": said["field"],
                **{code: said[code] for code in LANGUAGES},
                "avoid": _filled("avoid", said),
                "note": _filled("note", said),
            }
        )
        patterns += patterns_of(
            identity,
            {code: said[code] for code in LANGUAGES},
            {code: said[f"avoid_{code}"] for code in LANGUAGES},
        )
    return {"endings": ENDINGS, "terms": terms, "patterns": [one.as_data() for one in patterns]}


def _filled(what: str, said: dict[str, str]) -> dict[str, str]:
    return {code: said[f"{what}_{code}"] for code in LANGUAGES if said[f"{what}_{code}"]}
