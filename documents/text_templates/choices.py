"""Templates of the kinds of text, in each language of the coalition."""

import copy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy as _

from coalition.accounts.models import Language
from documents.canonical.build import build
from documents.canonical.html import render_html
from documents.drafts.models import TextKind
from documents.text_templates.markup import parse_template

FOLDER: Final = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class TextTemplate:
    """The initial content of a text of this kind. `about` is a sentence about its purpose."""

    about: str
    title: str
    lead: str
    body: dict[str, Any]


def load_text_template(kind: str, language: str) -> TextTemplate:
    """Return a template with its own copy of the body. Raises ValueError for unknown values."""
    return copy.deepcopy(_read_template(TextKind(kind), Language(language)))


def describe_kind(kind: str, language: str) -> str:
    """Return the kind's purpose in the language, in Kazakh for an unsupported language."""
    known = Language(language) if language in Language.values else Language.KK
    return _read_template(TextKind(kind), known).about


@cache
def _read_template(kind: TextKind, language: Language) -> TextTemplate:
    head, body = parse_template((FOLDER / f"{kind.value}.{language.value}.txt").read_text(encoding="utf-8"))
    return TextTemplate(head["about"], head["title"], head["lead"], body)


GROUPS: Final[tuple[tuple[Promise, tuple[TextKind, ...]], ...]] = (
    (
        _("For the public and the media"),
        (
            TextKind.STATEMENT,
            TextKind.PRESS_RELEASE,
            TextKind.ADVISORY,
            TextKind.HOLDING,
            TextKind.QUOTATION_SHEET,
            TextKind.FACT_SHEET,
            TextKind.OP_ED,
            TextKind.APPEAL,
            TextKind.CAPTION,
            TextKind.MEDIA_ITEM,
        ),
    ),
    (
        _("For those who make laws, and other letters"),
        (TextKind.DEPUTY_LETTER, TextKind.COMPARATIVE_TABLE, TextKind.LETTER),
    ),
    (_("For ourselves"), (TextKind.MESSAGE_GUIDE, TextKind.MINUTES)),
)


def text_kind_choices(chosen: str) -> list[tuple[Promise, list[dict[str, Any]]]]:
    """Return every kind once, in groups, described in the reader's language."""
    language = get_language() or Language.KK
    return [
        (
            name,
            [
                {
                    "value": kind,
                    "label": kind.label,
                    "about": describe_kind(kind, language),
                    "chosen": kind == chosen,
                }
                for kind in kinds
            ],
        )
        for name, kinds in GROUPS
    ]


def template_preview(kind: str, language: str) -> dict[str, Any]:
    """Render the template; a statement for an unknown kind, Kazakh for an unknown language."""
    known_kind = TextKind(kind) if kind in TextKind.values else TextKind.STATEMENT
    known_language = Language(language) if language in Language.values else Language.KK
    template = load_text_template(known_kind, known_language)
    document = build(
        template.body,
        title=template.title,
        lead=template.lead,
        language=known_language,
        holding_statement=True,
        complete=False,
    )
    return {
        "kind": known_kind,
        "language": known_language,
        "languages": tuple(Language),
        "title": template.title,
        "lead": template.lead,
        "words": render_html(document, heading_shift=1),
    }
