"""Templates of the kinds of text, in each language of the coalition."""

import copy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from coalition.accounts.enums import Language
from documents.drafts.enums import TextKind
from documents.text_templates.markup import parse

FOLDER: Final = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Template:
    """What a text of this kind begins with. `about` says in a sentence what the kind is for."""

    kind: TextKind
    language: Language
    about: str
    title: str
    lead: str
    body: dict[str, Any]


def template_of(kind: str, language: str) -> Template:
    """The template; its body is the caller's own to change. Raises ValueError for no kind or language."""
    found = _read(TextKind(kind), Language(language))
    return Template(
        found.kind, found.language, found.about, found.title, found.lead, copy.deepcopy(found.body)
    )


def about(kind: str, language: str) -> str:
    """What the kind is for, in the language; Kazakh where the site's language is none of ours."""
    return _read(TextKind(kind), Language(language if language in Language.values else Language.KK)).about


@cache
def _read(kind: TextKind, language: Language) -> Template:
    parsed = parse((FOLDER / f"{kind.value}.{language.value}.txt").read_text(encoding="utf-8"))
    return Template(
        kind, language, **{key: parsed.head[key] for key in ("about", "title", "lead")}, body=parsed.body
    )
