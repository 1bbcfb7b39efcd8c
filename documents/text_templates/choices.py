"""The kinds in display order, each with its purpose."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from documents.canonical.build import build
from documents.canonical.html import render_html
from documents.drafts.enums import TextKind
from documents.text_templates.loader import describe_kind, load_text_template

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
