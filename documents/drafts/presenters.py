"""What pages of a text show of its languages."""

from dataclasses import dataclass

from django.utils.translation import ngettext

from coalition.accounts.enums import Language
from documents.drafts.models import DraftText
from documents.drafts.queries import texts_of
from documents.drafts.rendering import state_of

# --- overview ---
# What stands around a text: its languages, its versions by name, what I set aside.


@dataclass(frozen=True)
class LanguageTab:
    """One language of a draft, as its tab shows it."""

    code: str
    name: str
    url: str
    current: bool
    state: str
    words: str


def language_tabs(text: DraftText) -> list[LanguageTab]:
    """The languages of the draft, Kazakh first: one query."""
    texts = {one.language: one for one in texts_of(text.draft)}
    tabs = []
    for code in Language.values:
        if code not in texts:
            continue
        one = texts[code]
        one.draft = text.draft
        tabs.append(
            LanguageTab(
                code,
                Language(code).label,
                one.get_absolute_url(),
                one.pk == text.pk,
                state_of(one),
                behind(one),
            )
        )
    return tabs


def behind(text: DraftText) -> str:
    """How far a text is behind the one it was translated from, in words; empty if it is not."""
    if state_of(text) != "older" or text.based_on is None:
        return ""
    count = text.based_on.revision - text.based_on_revision
    return ngettext("%(count)d change behind", "%(count)d changes behind", count) % {"count": count}
