"""The mails of a notice, and what each recipient reads about its files."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import override

from coalition.campaigns.media_package.enums import Currency, ItemKind, NoticeKind
from coalition.campaigns.media_package.gate import JudgedItem
from coalition.campaigns.media_package.models import ItemNotice, MediaItem, NoticeRecipient, Rendition
from coalition.campaigns.media_package.notices.currency import (
    answers_about,
    judged_item,
    released_renditions,
    replacement_for,
)
from coalition.campaigns.media_package.notices.queries import taken_by
from coalition.mail.models import OutboxMail
from coalition.mail.outbox import absolute_url, new_mail

TEMPLATE = "campaigns/media_notice"


@dataclass(frozen=True)
class FileLine:
    """A file that a recipient has, and the one that replaces it ("" if there is none)."""

    old: str
    new: str = ""


def notice_mails(
    notice: ItemNotice, recipients: list[NoticeRecipient], path_of: Callable[[NoticeRecipient], str]
) -> list[OutboxMail]:
    """Return the unsaved mails to those recipients that have an address."""
    lines, partly = _lines_at_sending(notice, recipients), is_partial(notice)
    titles = {language: _title_in(notice.item, language) for language in map(language_of, recipients)}
    return [
        new_mail(
            key=f"media-notice:{row.uuid}",
            template=TEMPLATE,
            language=language_of(row),
            address=address,
            only_while=(),
            context={
                "kind": str(notice.kind),
                "is_partial": partly,
                "title": titles[language_of(row)],
                "files": [{"old": one.old, "new": one.new} for one in lines[index]],
                "button_url": absolute_url(path_of(row)),
            },
        )
        for index, row in enumerate(recipients)
        if (address := address_of(row))
    ]


def file_lines(recipient: NoticeRecipient) -> list[FileLine]:
    """Return the files of the notice as they stand now: a page shows them at any time later. A withdrawal is
    about files that are not given any more, or about all while they are given again."""
    notice = recipient.notice
    taken = taken_by([recipient], notice.item)
    files = _files_of(recipient, taken, _released(notice.item))
    answers = answers_about(files)
    if notice.kind == NoticeKind.WITHDRAWAL:
        return _withdrawn(files, [one.currency for one in answers])
    return [
        FileLine(one.known.file_name, one.current.file_name if one.current is not None else "")
        for one in answers
        if one.known is not None and one.currency != Currency.CURRENT
    ]


def is_partial(notice: ItemNotice) -> bool:
    """Whether it withdraws some files of an item that is given out with others."""
    if notice.kind != NoticeKind.WITHDRAWAL:
        return False
    judged = judged_item(notice.item)
    return judged is not None and judged.is_given


def language_of(recipient: NoticeRecipient) -> str:
    """Return the language in which the recipient reads."""
    source = recipient.link or recipient.correction_address
    return source.language if source is not None else "kk"


def address_of(recipient: NoticeRecipient) -> str:
    """Return the address of the recipient, "" if none is known."""
    source = recipient.link or recipient.correction_address
    return str(source.address) if source is not None else ""


def item_title(item: MediaItem) -> str:
    """Return what an item is called for outlets: its kind and the name in its file names. Never its title,
    which may name a person who took back their consent."""
    return f"{ItemKind(item.kind).label}: {item.name}"


def _title_in(item: MediaItem, language: str) -> str:
    with override(language):
        return item_title(item)


def _lines_at_sending(notice: ItemNotice, recipients: list[NoticeRecipient]) -> list[list[FileLine]]:
    item = notice.item
    taken, released = taken_by(recipients, item), _released(item)
    if notice.kind == NoticeKind.WITHDRAWAL:
        known = {one.pk: one for files in (released, *taken.values()) for one in files}
        answers = zip(known, answers_about(known.values()), strict=True)
        currencies = {key: answer.currency for key, answer in answers}
        own = [_files_of(row, taken, released) for row in recipients]
        return [_withdrawn(files, [currencies[one.pk] for one in files]) for files in own]
    judged: dict[str, JudgedItem | None] = {}
    found = []
    for row in recipients:
        language = language_of(row)
        if language not in judged:
            with override(language):
                judged[language] = judged_item(item)
        found.append(_corrected(_files_of(row, taken, released), judged[language]))
    return found


def _withdrawn(files: list[Rendition], currencies: list[Currency]) -> list[FileLine]:
    pairs = zip(files, currencies, strict=True)
    found = [one for one, currency in pairs if currency != Currency.CURRENT]
    return [FileLine(one.file_name) for one in found or files]


def _corrected(files: Iterable[Rendition], judged: JudgedItem | None) -> list[FileLine]:
    if judged is None:
        return [FileLine(one.file_name) for one in files]
    lines = []
    for one in files:
        if judged.file(one.uuid) is None:
            newer = replacement_for(one, judged)
            lines.append(FileLine(one.file_name, newer.file_name if newer is not None else ""))
    return lines


def _files_of(
    recipient: NoticeRecipient, taken: Mapping[int, list[Rendition]], released: list[Rendition]
) -> list[Rendition]:
    """Return what the outlet took; for an address for corrections all files of public texts."""
    if recipient.link_id is None:
        return released
    return taken.get(recipient.link_id, [])


def _released(item: MediaItem) -> list[Rendition]:
    return list(released_renditions().filter(item=item).order_by("pk"))
