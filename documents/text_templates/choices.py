"""Templates of the kinds of text, in each language of the coalition."""

import copy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from documents.canonical.build import build
from documents.canonical.html import render_html
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


# --- choices ---
# The kinds in display order, each with its purpose.


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
        ),
    ),
    (
        _("For those who make laws, and other letters"),
        (TextKind.DEPUTY_LETTER, TextKind.COMPARATIVE_TABLE, TextKind.LETTER),
    ),
    (_("For ourselves"), (TextKind.MESSAGE_GUIDE, TextKind.MINUTES)),
)


@dataclass(frozen=True)
class TextKindChoice:
    """One kind as a form option."""

    value: str
    label: str
    about: str
    chosen: bool


@dataclass(frozen=True)
class TemplatePreview:
    """A preview of a kind's template in one language."""

    kind: TextKind
    about: str
    language: Language
    languages: tuple[Language, ...]
    title: str
    lead: str
    words: SafeString


def text_kind_choices(chosen: str) -> list[tuple[Promise, list[TextKindChoice]]]:
    """Return every kind once, in groups, described in the reader's language."""
    language = get_language() or Language.KK
    return [
        (
            name,
            [
                TextKindChoice(kind, str(kind.label), describe_kind(kind, language), kind == chosen)
                for kind in kinds
            ],
        )
        for name, kinds in GROUPS
    ]


def template_preview(kind: str, language: str) -> TemplatePreview:
    """Render the template; a statement for an unknown kind, Kazakh for an unknown language."""
    which = TextKind(kind) if kind in TextKind.values else TextKind.STATEMENT
    shown = Language(language) if language in Language.values else Language.KK
    template = load_text_template(which, shown)
    document = build(
        template.body,
        title=template.title,
        lead=template.lead,
        language=shown,
        holding_statement=True,
        complete=False,
    )
    return TemplatePreview(
        kind=which,
        about=describe_kind(which, get_language() or shown),
        language=shown,
        languages=tuple(Language),
        title=template.title,
        lead=template.lead,
        words=render_html(document, heading_shift=1),
    )
