"""Changed figures and previews, as the desk shows them."""

from collections.abc import Iterable
from typing import TypedDict

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext as _

from coalition.accounts.models import Language
from coalition.campaigns.media_package.models import MediaItem
from coalition.campaigns.media_package.posters.content import language_name
from coalition.campaigns.media_package.posters.facts import changed_uses
from coalition.campaigns.media_package.posters.setting import formats_of
from documents.facts.models import FactUse, FactWords, fact_words_for


class PreviewRow(TypedDict):
    """A picture of a poster as its text stands now. `code`: of its language."""

    format: str
    language: str
    code: str
    url: str


def fact_flags(items: Iterable[MediaItem]) -> dict[int, list[str]]:
    """Return, by the item's key, which figures of its public text changed: what they were, what they are
    now, and until when that is checked. Items without one are left out. Four queries at most."""
    rows = list(items)
    item_of = {one.draft_id: one.pk for one in rows}
    found: dict[int, list[str]] = {}
    if not rows:
        return found
    for use in changed_uses(rows):
        if use.version is None:
            continue
        words = found.setdefault(item_of[use.version.text.draft_id], [])
        line = _flag(use)
        if line not in words:  # each language has its own use
            words.append(line)
    return found


def _flag(use: FactUse) -> str:
    language, fact = get_language() or "kk", use.fact_version.fact
    before, after = fact_words_for(use.fact_version, language), fact_words_for(fact.checked, language)
    by_numeral = bool(before and after and before.numeral and after.numeral)
    is_same = before is not None and after is not None and before.numeral == after.numeral

    def named(words: FactWords | None) -> str:
        if words is None:
            return "—"
        return words.numeral if by_numeral and not is_same else str(words)

    sentence = after.sentence if by_numeral and not is_same and after is not None else ""
    change = _("was: %(before)s, now: %(after)s") % {"before": named(before), "after": named(after)}
    checked = _("checked, next check by %(day)s") % {"day": date_format(fact.next_check)}
    return " · ".join(filter(None, (sentence, change, checked)))


def preview_rows(item: MediaItem, languages: Iterable[str]) -> list[PreviewRow]:
    """Return the pictures of an item's posters: each format in each of these languages. No query."""
    codes = [code for code in Language.values if code in set(languages)]
    return [
        PreviewRow(
            format=str(one.label),
            language=language_name(code),
            code=code,
            url=f"{reverse('campaigns:media_item_preview', args=[item.uuid, one.value])}?in={code}",
        )
        for one in formats_of(item)
        for code in codes
    ]
