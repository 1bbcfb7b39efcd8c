"""Templates of the kinds of text, in each language of the coalition."""

import copy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from coalition.accounts.enums import Language
from documents.drafts.enums import TextKind
from documents.text_templates.markup import parse_template

FOLDER: Final = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class TextTemplate:
    """The initial content of a text of this kind. `about` is a sentence about its purpose."""

    kind: TextKind
    language: Language
    about: str
    title: str
    lead: str
    body: dict[str, Any]


def load_text_template(kind: str, language: str) -> TextTemplate:
    """Return a template with its own copy of the body. Raises ValueError for unknown values."""
    found = _read_template(TextKind(kind), Language(language))
    return TextTemplate(
        found.kind, found.language, found.about, found.title, found.lead, copy.deepcopy(found.body)
    )


def describe_kind(kind: str, language: str) -> str:
    """Return the kind's purpose in the language, in Kazakh for an unsupported language."""
    return _read_template(
        TextKind(kind), Language(language if language in Language.values else Language.KK)
    ).about


@cache
def _read_template(kind: TextKind, language: Language) -> TextTemplate:
    parsed = parse_template((FOLDER / f"{kind.value}.{language.value}.txt").read_text(encoding="utf-8"))
    return TextTemplate(
        kind, language, **{key: parsed.head[key] for key in ("about", "title", "lead")}, body=parsed.body
    )
