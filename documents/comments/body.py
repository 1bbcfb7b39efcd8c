"""What is typed as a comment, and what is kept of it: plain text in which people are called by UUID."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from coalition.accounts.naming import Viewer
from coalition.core.errors import Refused
from coalition.workspaces.models import Seat
from coalition.workspaces.naming import person_name
from documents.comments.models import LONGEST_COMMENT, LONGEST_QUOTE, Mention

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
CALLED = re.compile(rf"@\[({_UUID})\]")
# Invisible characters that turn the direction of writing, and control characters but the line break.
_UNREADABLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
_GAPS = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Body:
    """The text as it is kept, and the seats of the people called in it, each person once."""

    text: str
    called: tuple[Seat, ...]


def read_body(
    typed: str,
    *,
    viewer: Viewer,
    everyone: Sequence[Seat],
    readers: Collection[int],
    chosen: Collection[UUID] = (),
) -> Body:
    """What was typed, with `@` and a name turned into the person who is meant.

    `everyone`: seats of the workspace; `readers`: primary keys of the people who may read the thread;
    `chosen`: whom the author picked where several have one name. Raises Refused, with the reason in words,
    for an empty comment, one that is too long, and a call to somebody who may not read the thread.
    """
    text = checked(typed)
    called: dict[UUID, Seat] = {}
    by_name: dict[str, list[Seat]] = defaultdict(list)
    for seat in everyone:
        by_name[person_name(viewer, seat.person, seat.organisation)].append(seat)
    by_uuid = {seat.person.uuid: [seat] for seat in everyone}

    def mark(found: re.Match[str]) -> str:
        if token := found["uuid"]:
            seat = _one_of(by_uuid.get(UUID(token), []), str(_("This person")), readers, chosen)
        else:
            seat = _one_of(by_name[found["name"]], found["name"], readers, chosen)
        called[seat.person.uuid] = seat
        return f"@[{seat.person.uuid}]"

    return Body(_calls(by_name).sub(mark, text), tuple(called.values()))


def _calls(names: Mapping[str, object]) -> re.Pattern[str]:
    """Every way to call somebody: the longest name first, and not inside an e-mail address."""
    known = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<![\w@.])@(?:\[(?P<uuid>{_UUID})\]|(?P<name>{known or '(?!)'})(?!\w))")


def _one_of(meant: list[Seat], name: str, readers: Collection[int], chosen: Collection[UUID]) -> Seat:
    may_read = {seat.person_id: seat for seat in reversed(meant) if seat.person_id in readers}
    if not may_read:
        raise Refused(
            _("%(name)s may not read this thread, so you cannot mention them here. Nothing was sent."),
            name=name,
        )
    picked = [seat for seat in may_read.values() if seat.person.uuid in chosen]
    if len(may_read) == 1:
        return next(iter(may_read.values()))
    if len(picked) == 1:
        return picked[0]
    raise Refused(
        _("Several people here are called %(name)s: choose one from the list that opens after @."), name=name
    )


def checked(typed: str) -> str:
    """What was typed, cleaned. Raises Refused if nothing is left, or too much."""
    text = clean(typed)
    if not text:
        raise Refused(_("Write something first."))
    if len(text) > LONGEST_COMMENT:
        raise Refused(_("A comment has at most %(most)d characters."), most=LONGEST_COMMENT)
    return text


def clean(typed: str) -> str:
    """Line breaks of one kind, nothing invisible, at most one empty line at a time."""
    lines = typed.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return _GAPS.sub("\n\n", _UNREADABLE.sub("", lines)).strip()


def clean_quote(quote: str) -> str:
    """The quoted words in one line; longer ones end in an ellipsis."""
    words = " ".join(clean(quote).split())
    return words if len(words) <= LONGEST_QUOTE else words[: LONGEST_QUOTE - 1].rstrip() + "…"


@dataclass(frozen=True)
class Part:
    """A stretch of a comment: words, or the name of a person who is called."""

    words: str
    calls: bool = False


def parts_of(body: str, mentions: Collection[Mention], viewer: Viewer) -> list[Part]:
    """The comment for one reader: names as they may be told, or a dash for who is gone."""
    named = {str(one.person.uuid): person_name(viewer, one.person, one.organisation) for one in mentions}
    pieces = CALLED.split(body)
    return [
        Part("@" + named.get(piece, "—"), calls=True) if at % 2 else Part(piece)
        for at, piece in enumerate(pieces)
        if piece
    ]


def in_words(body: str, mentions: Collection[Mention], viewer: Viewer) -> str:
    """The comment as one plain text for one reader."""
    return "".join(part.words for part in parts_of(body, mentions, viewer))
