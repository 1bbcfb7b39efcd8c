"""Parsing of submitted comments: stored as plain text in which people are mentioned by UUID."""

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from coalition.accounts.naming import Viewer, viewer_for
from coalition.core.errors import Refused
from coalition.workspaces.models import Seat
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import seats_in
from coalition.workspaces.sentence_params import person_name
from documents.comments.models import LONGEST_COMMENT, LONGEST_QUOTE, Mention, Thread
from documents.comments.queries import seats_in_thread

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
MENTION_PATTERN = re.compile(rf"@\[({_UUID})\]")
# Invisible characters that change the text direction, and control characters except the line
# break.
_UNREADABLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
_GAPS = re.compile(r"\n{3,}")


def read_body(
    typed: str, *, access: Access, thread: Thread, chosen: Collection[UUID] = ()
) -> tuple[str, list[Seat]]:
    """Return the submitted text with `@name` replaced by the person who is meant, and the seats of the people
    mentioned in it, each person once.

    `chosen`: people picked by the author where several share a name. Raises Refused, with the reason, for an
    empty comment, one that is too long, and a mention of somebody who may not read the thread.
    """
    everyone = list(seats_in(access.workspace))
    readers = set(seats_in_thread(thread).values_list("person_id", flat=True))
    viewer = viewer_for(access.user)
    text = validate_comment(typed)
    mentioned: dict[UUID, Seat] = {}
    by_name: dict[str, list[Seat]] = defaultdict(list)
    for seat in everyone:
        by_name[person_name(viewer, seat.person, seat.organisation)].append(seat)
    by_uuid = {seat.person.uuid: [seat] for seat in everyone}

    def replace(found: re.Match[str]) -> str:
        if token := found["uuid"]:
            seat = _choose_mentioned(by_uuid.get(UUID(token), []), str(_("This person")), readers, chosen)
        else:
            seat = _choose_mentioned(by_name[found["name"]], found["name"], readers, chosen)
        mentioned[seat.person.uuid] = seat
        return f"@[{seat.person.uuid}]"

    # All mentions: longest name first, not inside an e-mail address.
    names = "|".join(re.escape(name) for name in sorted(by_name, key=len, reverse=True)) or "(?!)"
    pattern = re.compile(rf"(?<![\w@.])@(?:\[(?P<uuid>{_UUID})\]|(?P<name>{names})(?!\w))")
    return pattern.sub(replace, text), list(mentioned.values())


def _choose_mentioned(
    seats: list[Seat], name: str, readers: Collection[int], chosen: Collection[UUID]
) -> Seat:
    may_read = {seat.person_id: seat for seat in reversed(seats) if seat.person_id in readers}
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


def validate_comment(typed: str) -> str:
    """Return the submitted text, cleaned. Raises Refused if it is empty or too long."""
    text = clean_comment(typed)
    if not text:
        raise Refused(_("Write something first."))
    if len(text) > LONGEST_COMMENT:
        raise Refused(_("A comment has at most %(most)d characters."), most=LONGEST_COMMENT)
    return text


def clean_comment(typed: str) -> str:
    """Normalise line breaks, remove invisible characters, allow at most one empty line in a row."""
    lines = typed.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return _GAPS.sub("\n\n", _UNREADABLE.sub("", lines)).strip()


def clean_quote(quote: str) -> str:
    """Return the quoted words in one line; longer ones end in an ellipsis."""
    words = " ".join(clean_comment(quote).split())
    return words if len(words) <= LONGEST_QUOTE else words[: LONGEST_QUOTE - 1].rstrip() + "…"


@dataclass(frozen=True)
class CommentPart:
    """A segment of a comment: words, or the name of a mentioned person."""

    words: str
    is_mention: bool = False


def comment_parts(body: str, mentions: Collection[Mention], viewer: Viewer) -> list[CommentPart]:
    """Return the comment for one reader: permitted names, or a dash for deleted people."""
    named = {str(one.person.uuid): person_name(viewer, one.person, one.organisation) for one in mentions}
    pieces = MENTION_PATTERN.split(body)
    return [
        CommentPart("@" + named.get(piece, "—"), is_mention=True) if at % 2 else CommentPart(piece)
        for at, piece in enumerate(pieces)
        if piece
    ]


def comment_text(body: str, mentions: Collection[Mention], viewer: Viewer) -> str:
    """Return the comment as one plain text for one reader."""
    return "".join(part.words for part in comment_parts(body, mentions, viewer))
