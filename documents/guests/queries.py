"""Guest links: which count, and what one opens. The only place where they come from."""

import datetime
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from coalition.accounts.enums import Language
from coalition.accounts.models import Freeze
from coalition.core.clock import now
from coalition.core.tokens import hash_token
from coalition.roles import RIGHTS, SeatRole
from coalition.workspaces.queries import active_seats
from documents.canonical.form import Document
from documents.drafts.enums import GuestAct, Handling
from documents.drafts.models import Draft, DraftText, Version
from documents.drafts.permissions import GUESTS, GuestsAsk
from documents.drafts.queries import NARROW, texts_of
from documents.files.models import StoredFile
from documents.files.queries import pictures_for_draft
from documents.guests.models import GuestLink
from documents.interchange.models import ExportedFile, IncomingFile
from documents.interchange.retention import TO_TAKE

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Used(TypedDict):
    """Whether a link opens its draft now; how often it was used, and when last."""

    counts: bool
    use_count: int
    last_use: datetime.datetime | None


type GuestLinkUsed = WithAnnotations[GuestLink, Used]

_ORDER = Language.values


def links_that_count() -> QuerySet[GuestLink]:
    """Links that open something at this moment, asked anew at every use.

    A link counts as long as whoever made it could make it: the very seat it was made with counts, its role
    is enough under the mark that the draft has now, and its organisation is one that the draft is for. One
    that was made before a freeze stays dead after the thaw: the phone may have been in other hands.
    """
    frozen_since = Freeze.objects.filter(
        organisation=OuterRef("organisation"), frozen_at__gte=OuterRef("made_at")
    )
    listed = Draft.restricted_to.through.objects.filter(
        draft=OuterRef("draft"), organisation=OuterRef("organisation")
    )
    marked = Q(pk__in=[])
    for mark, asked in GUESTS.items():
        if asked is not None:
            marked |= _allowed_under(mark, asked)
    return GuestLink.objects.filter(
        marked,
        Q(draft__restricted=False) | Exists(listed),
        ~Exists(frozen_since),
        ended_at=None,
        expires_at__gt=now(),
        draft__archived_at=None,
        draft__workspace__archived_at=None,
    )


def _allowed_under(mark: Handling, asked: GuestsAsk) -> Q:
    roles = [role for role in SeatRole if asked.right in RIGHTS[role]]
    seat = active_seats().filter(pk=OuterRef("seat"), workspace=OuterRef("draft__workspace"), role__in=roles)
    allowed = Q(Exists(seat), draft__handling=mark)
    return allowed & ~Q(reason="") if asked.reason else allowed


def link_of_token(token: str) -> GuestLink | None:
    """The link to which an address belongs, if it counts now; None for every other address alike."""
    rows = links_that_count().filter(token_hash=hash_token(token))
    return rows.select_related("draft__workspace", "text", "version__text", "organisation").first()


def acts_told(*, hears_comments: bool) -> list[GuestAct]:
    """Acts that are told to who sees the guests of a draft (`rules.hears_guests`)."""
    return [act for act in GuestAct if hears_comments or act != GuestAct.COMMENTED]


def guest_links_of(draft: Draft, *, acts: list[GuestAct]) -> QuerySet[GuestLinkUsed]:
    """Every link of a draft the caller may see the guests of, newest first: one query.

    With `counts` (it opens the draft now), and by uses of these acts `use_count` and `last_use`.
    """
    told = Q(uses__act__in=acts)
    rows = GuestLink.objects.filter(draft=draft).select_related("made_by", "organisation", "text", "version")
    return rows.annotate(
        counts=Exists(links_that_count().filter(pk=OuterRef("pk"))),
        use_count=Count("uses", filter=told),
        last_use=Max("uses__at", filter=told),
    ).order_by("-pk")


def counting_links_of(draft: Draft) -> QuerySet[GuestLink]:
    """Links by which a draft is read at this moment."""
    return links_that_count().filter(draft=draft)


def texts_for_guest(link: GuestLink) -> list[DraftText]:
    """The texts that a link opens, as they stand, Kazakh first; empty ones left out. None for a version."""
    if link.version_id is not None:
        return []
    rows = texts_of(link.draft).filter(revision__gt=0)
    if link.text_id is not None:
        rows = rows.filter(pk=link.text_id)
    return sorted(rows, key=lambda text: _ORDER.index(text.language))


def opens(link: GuestLink, text: DraftText) -> bool:
    """Whether the link shows this text, or a version of it."""
    if link.version is not None:
        return link.version.text_id == text.pk
    return any(one.pk == text.pk for one in texts_for_guest(link))


def versions_for_guest(link: GuestLink, text: DraftText) -> QuerySet[Version]:
    """Named versions with which a legal reader compares: of the text, up to the one that is shown."""
    rows = Version.objects.filter(text=text).order_by("-number")
    return rows.filter(number__lt=link.version.number) if link.version is not None else rows


def pictures_for_guest(link: GuestLink, document: Document) -> QuerySet[StoredFile]:
    """Pictures of the words that the link shows; none whose own mark is narrower than any link."""
    wanted = list(document["pictures"])
    if not wanted:
        return StoredFile.objects.none()
    rows = pictures_for_draft(link.draft).filter(uuid__in=wanted)
    return rows.exclude(handling__in=NARROW)


def files_for_guest(link: GuestLink, text: DraftText) -> QuerySet[ExportedFile]:
    """Word files of a text that were asked for by the link within a day and under the mark of now, newest
    first: to fetch one that took long. What is older has lost its bytes."""
    rows = ExportedFile.objects.filter(
        guest=link.uuid, text=text, is_long=True, made_at__gt=now() - TO_TAKE, handling=link.draft.handling
    )
    return rows.select_related("text__draft").order_by("-pk")


def files_sent_by_guest(link: GuestLink, text: DraftText) -> QuerySet[IncomingFile]:
    """What was sent back by the link, newest first."""
    return IncomingFile.objects.filter(guest=link.uuid, text=text).defer("reading").order_by("-pk")
