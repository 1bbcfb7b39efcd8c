"""An organisation from outside joins an open letter: an authorised person confirms by mail, and withdraws."""

import datetime
import secrets
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from coalition.accounts.enums import Language
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.retention import days_ago, delete, empty, long_ago
from coalition.core.throttling import fingerprint
from coalition.core.tokens import hash_token
from coalition.mail import outbox
from coalition.mail.links import absolute
from documents.approval.audit import concern
from documents.approval.queries.rounds import coordinators_for
from documents.open_letters.actions.joinings import locked_joining, record_joining
from documents.open_letters.actions.letter import end
from documents.open_letters.enums import JoiningState
from documents.open_letters.models import Joining, OpenLetter
from documents.open_letters.queries import joined_earlier, letter_of, may_join_again
from documents.publication.models.publication import Publication
from documents.publication.queries.publications import newest_public_of

DAYS = 7  # an unconfirmed joining is kept
HOUR = datetime.timedelta(hours=1)
MOST_AN_HOUR = 200  # of one letter: more is not organisations that join
MOST_OF_AN_ADDRESS = 3  # a day


@dataclass(frozen=True)
class Joiner:
    """What an organisation says of itself: who is authorised, and what may be shown."""

    name: str
    contact: str
    position: str
    email: str
    is_listed: bool
    logo_allowed: bool
    language: Language


class TooMany(Refused):
    """So many ask at once that no person reads it any more."""


def ask_to_join(*, letter: OpenLetter, publication: Publication, joiner: Joiner) -> Joining | None:
    """Keep what was written and mail the link that confirms it. None if the address joined already or had
    enough mails today: whoever asks reads the same. Raises Refused if the letter is closed or its words are
    others by now, and TooMany."""
    moment, address_print = now(), fingerprint(joiner.email)
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        locked = OpenLetter.objects.select_for_update(of=("self",)).select_related("draft").get(pk=letter.pk)
        _refuse_unless_open(locked, publication)
        rows = Joining.objects.filter(letter=locked)
        if rows.filter(asked_at__gt=moment - HOUR).count() >= MOST_AN_HOUR:
            raise TooMany(_("So many have asked within an hour that we cannot take more. Try again later."))
        same = rows.filter(address_print=address_print)
        day = moment - datetime.timedelta(days=1)
        if (
            same.filter(state=JoiningState.JOINED, publication=publication).exists()
            or same.filter(asked_at__gt=day).count() >= MOST_OF_AN_ADDRESS
        ):
            return None
        return _make(locked, publication, joiner, token)


def _refuse_unless_open(letter: OpenLetter, publication: Publication) -> None:
    """It takes names, and these are its words now; while a decision about them is awaited, it takes none."""
    public = newest_public_of(letter.draft)
    awaited = public is not None and public.awaiting_since is not None
    if letter.closed_at is not None or public != publication or awaited:
        raise Refused(_("This text cannot be joined any more as it stands here. Open the page again."))


def _make(letter: OpenLetter, publication: Publication, joiner: Joiner, token: str) -> Joining:
    row = Joining.objects.create(
        letter=letter,
        publication=publication,
        hashes={text.language: text.hash for text in publication.texts.all()},
        name=joiner.name.strip(),
        contact=joiner.contact.strip(),
        position=joiner.position.strip(),
        email=joiner.email.strip().lower(),
        address_print=fingerprint(joiner.email),
        language=joiner.language,
        is_listed=joiner.is_listed,
        logo_allowed=joiner.logo_allowed,
        token_hash=hash_token(token),
        asked_at=now(),
    )
    with override(joiner.language):
        link = absolute(reverse("letter_link", args=[token]))
    outbox.queue(
        key=f"joining:{row.uuid}",
        template="documents/joining_confirm",
        language=joiner.language,
        address=row.email,
        context={"name": row.contact, "title": publication.title, "button_url": link},
    )
    return row


def confirm_joining(*, token: str) -> Joining:
    """The authorised person confirms. Raises NoSuchJoining, and Refused if it is confirmed or ended already,
    its address has joined these words by another link, the letter was closed, or its words were corrected
    meanwhile."""
    with transaction.atomic():
        row = locked_joining(token)
        if row.state != JoiningState.UNCONFIRMED:
            raise Refused(_("This link confirms nothing any more."))
        _refuse_unless_open(row.letter, row.publication)
        same = Joining.objects.filter(letter=row.letter, address_print=row.address_print)
        if same.filter(publication=row.publication, state=JoiningState.JOINED).exists():
            raise Refused(_("Somebody has joined with this e-mail address already. It counts once."))
        row.state, row.confirmed_at = JoiningState.JOINED, now()
        row.save(update_fields=["state", "confirmed_at"])
        record_joining(row, "letter.joined", hashes=row.hashes)
        round_ = row.publication.round
        concern(
            round_,
            coordinators_for(round_),
            kind="letter_joined",
            once=str(row.uuid),
            public=row.publication,
        )
    return row


def join_again(*, token: str, publication: UUID) -> Joining:
    """Who joined earlier words joins the corrected ones, with the publication that was shown.

    By the link that it was sent: the name that a coordinator looked at is the same. Raises NoSuchJoining, and
    Refused if it has not joined, stands under these words already, or if they are others by now or closed.
    """
    with transaction.atomic():
        row = locked_joining(token)
        public = newest_public_of(row.letter.draft)
        if public is None or public.uuid != publication or not may_join_again(row, public):
            raise Refused(_("This text cannot be joined any more as it stands here. Open the page again."))
        _refuse_unless_open(row.letter, public)
        row.publication, row.confirmed_at = public, now()
        row.hashes = {text.language: text.hash for text in public.texts.all()}
        row.save(update_fields=["publication", "hashes", "confirmed_at"])
        record_joining(row, "letter.joined", hashes=row.hashes)
        round_ = public.round
        concern(
            round_,
            coordinators_for(round_),
            kind="letter_joined",
            once=f"{row.uuid}:{public.uuid}",
            public=public,
        )
    return row


def tell_joined(publication: Publication) -> None:
    """Write to everyone from outside who stands under what this corrects that their name stayed there. In the
    caller's transaction."""
    if publication.replaces_id is None:
        return
    letter = letter_of(publication.draft)
    if letter is None:
        return
    for row in joined_earlier(letter, publication):
        with override(row.language):
            context = {
                "name": row.contact,
                "title": publication.title,
                "is_open": letter.closed_at is None,
                "button_url": absolute(reverse("open_letter", args=[letter.slug])),
            }
        outbox.queue(
            key=f"joining-corrected:{row.uuid}:{publication.uuid}",
            template="documents/joining_corrected",
            language=row.language,
            address=row.email,
            context=context,
        )


def withdraw_joining(*, token: str) -> Joining:
    """The organisation takes its name back, at any time; what it wrote is deleted with it.

    Raises NoSuchJoining, and Refused if it has ended already.
    """
    with transaction.atomic():
        row = locked_joining(token)
        if row.state not in {JoiningState.UNCONFIRMED, JoiningState.JOINED}:
            raise Refused(_("This organisation does not stand under the text any more."))
        end(row, JoiningState.WITHDRAWN)
        record_joining(row, "letter.withdrawn", hashes=row.hashes)
    return row


def forget_joinings() -> int:
    """Delete what was never confirmed; long after the end forget who wrote. Returns how many rows."""
    rows = Joining.objects.filter(state=JoiningState.UNCONFIRMED)
    ended = Joining.objects.filter(ended_at__lt=long_ago()).exclude(email="", contact="", position="")
    return delete(rows.filter(asked_at__lt=days_ago(DAYS))) + empty(ended, email="", contact="", position="")
