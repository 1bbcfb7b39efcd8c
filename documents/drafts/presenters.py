"""What pages of a text show of its languages."""

from dataclasses import dataclass

from django.utils.translation import ngettext

from coalition.accounts.enums import Language
from documents.drafts.models import DraftText
from documents.drafts.queries import texts_of
from documents.drafts.rendering import language_state

# --- overview ---
# Overview of a text: its languages and its named versions.


@dataclass(frozen=True)
class LanguageTab:
    """Tab of one language of a draft."""

    code: str
    name: str
    url: str
    current: bool
    state: str
    words: str


def language_tabs(text: DraftText) -> list[LanguageTab]:
    """Return the languages of the draft, Kazakh first: one query."""
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
                language_state(one),
                describe_lag(one),
            )
        )
    return tabs


def describe_lag(text: DraftText) -> str:
    """Return how far a translation is behind its source, in words; "" if it is not."""
    if language_state(text) != "older" or text.based_on is None:
        return ""
    count = text.based_on.revision - text.based_on_revision
    return ngettext("%(count)d change behind", "%(count)d changes behind", count) % {"count": count}
