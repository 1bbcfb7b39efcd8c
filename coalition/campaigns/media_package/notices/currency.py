"""Whether a file that was forwarded is current: by its name or its SHA-256. Without reasons.

Only files of public texts are known by their name. One that an outlet took under embargo is known by its
SHA-256, which nobody can ask about who does not have it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from coalition.accounts.models import Language
from coalition.campaigns.media_package.enums import Currency, RenditionState
from coalition.campaigns.media_package.gate import JudgedItem, PackageGate, items_with_files, package_gate
from coalition.campaigns.media_package.models import MediaItem, Rendition, TakenFile
from coalition.campaigns.media_package.names import parse_saved_name

MOST_CHARACTERS: Final = 300  # of a question: longer ones are no file names
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class FileAnswer:
    """The answer about one file. `known`: the file that was asked about; `current`: the file that is given
    instead, if it was replaced; None while the server is still setting it."""

    currency: Currency
    known: Rendition | None = None
    current: Rendition | None = None


# Several files can have the same bytes: the first of these answers that one of them has holds.
_ORDER: Final = (Currency.CURRENT, Currency.DO_NOT_USE, Currency.REPLACED)


def currency_of(words: str) -> Currency:
    """Answer about the file with this name or SHA-256."""
    return answer_about(words).currency


def answer_about(words: str) -> FileAnswer:
    """Answer about the file with this name or SHA-256, evaluated now. Eight queries at most."""
    if not words.strip() or len(words) > MOST_CHARACTERS or "\x00" in words:
        return FileAnswer(Currency.UNKNOWN)
    hexadecimal = "".join(words.split()).lower()
    if _SHA256.fullmatch(hexadecimal):
        rows = known_renditions().filter(sha256=hexadecimal)
    else:
        rows = released_renditions().filter(_named(words))
    answers = answers_about(rows.order_by("-pk"))
    return min(answers, key=lambda one: _ORDER.index(one.currency), default=FileAnswer(Currency.UNKNOWN))


def _named(words: str) -> Q:
    """Files that have this name, or had it before a program changed it."""
    saved = parse_saved_name(words)
    if saved.ending:
        return Q(file_name__in=[stem + saved.ending for stem in saved.stems])
    found = Q(pk__in=[])
    for stem in saved.stems:
        found |= Q(file_name__startswith=f"{stem}.")
    return found


def answers_about(renditions: Iterable[Rendition]) -> list[FileAnswer]:
    """Answer about these files, in their order. Seven queries at most, whatever their number.

    A file without a language may be given to readers of one language only: where consent limits an item, the
    other languages are asked too, with two queries each.
    """
    found = list(renditions)
    if not found:
        return []
    items = list(items_with_files().filter(pk__in={one.item_id for one in found}))
    judged = {one.item.pk: one for one in package_gate(before_embargo=True).judge(items)}
    answers = [_answer(one, judged.get(one.item_id)) for one in found]
    for language in Language.values:
        limited = [
            index
            for index, (one, answer) in enumerate(zip(found, answers, strict=True))
            if answer.currency == Currency.DO_NOT_USE and not one.language and one.item_id in judged
        ]
        keys = {found[index].item_id for index in limited}
        rows = [one for one in items if one.pk in keys and judged[one.pk].is_given]
        if not rows:
            break
        others = {one.item.pk: one for one in PackageGate(language, before_embargo=True).judge(rows)}
        for index in limited:
            if (other := others.get(found[index].item_id)) is not None:
                answers[index] = _answer(found[index], other)
    return answers


def released_renditions() -> QuerySet[Rendition]:
    """Files that everybody may know of."""
    return Rendition.objects.filter(released_at__isnull=False).select_related("item__package")


def known_renditions() -> QuerySet[Rendition]:
    """Those, and files that outlets took under embargo: all others are not ours, as far as anybody outside
    knows."""
    taken = TakenFile.objects.filter(rendition=OuterRef("pk"))
    rows = Rendition.objects.filter(Q(released_at__isnull=False) | Exists(taken))
    return rows.select_related("item__package")


def replacement_for(rendition: Rendition, judged: JudgedItem | None) -> Rendition | None:
    """Return the newer file of the same format and language that is given now, or None."""
    if judged is None:
        return None
    slot = (rendition.format, rendition.language)
    return next(
        (
            one
            for one in judged.files
            if (one.format, one.language) == slot and one.version > rendition.version
        ),
        None,
    )


def _is_being_set(rendition: Rendition, judged: JudgedItem) -> bool:
    """Whether the file was set of an earlier text, and the server has not set the one of today's text yet."""
    publication, slot = judged.publication, (rendition.format, rendition.language)
    if publication is None or rendition.publication_id in {None, publication.pk}:
        return False
    if rendition.format not in judged.item.sets_formats or rendition.language not in judged.documents:
        return False
    return not any(
        one.publication_id == publication.pk
        and one.state != RenditionState.PREPARING
        and (one.format, one.language) == slot
        for one in judged.item.renditions.all()
    )


def judged_item(item: MediaItem) -> JudgedItem | None:
    """Return the item as it is given now in the active language; None once it was taken out."""
    return next(iter(package_gate(before_embargo=True).judge(items_with_files().filter(pk=item.pk))), None)


def _answer(rendition: Rendition, judged: JudgedItem | None) -> FileAnswer:
    package = rendition.item.package
    if judged is None or package.published_at is None or rendition.removed_at is not None:
        return FileAnswer(Currency.DO_NOT_USE, rendition)
    if judged.file(rendition.uuid) is not None:
        return FileAnswer(Currency.CURRENT, rendition)
    newer = replacement_for(rendition, judged)
    if newer is not None:
        return FileAnswer(Currency.REPLACED, rendition, newer)
    if _is_being_set(rendition, judged):
        return FileAnswer(Currency.REPLACED, rendition)
    return FileAnswer(Currency.DO_NOT_USE, rendition)
