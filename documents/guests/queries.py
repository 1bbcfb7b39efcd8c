"""Queries for guest links: which are valid, and what each opens."""

import datetime
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from coalition.accounts.models import Language
from coalition.core.clock import now
from coalition.core.throttling import hash_token
from coalition.roles import RIGHTS, SeatRole
from coalition.workspaces.queries import active_seats
from documents.canonical.form import Document
from documents.drafts.models import Draft, DraftText, GuestAct, Version
from documents.drafts.permissions import GUEST_LINK_REQUIREMENTS
from documents.drafts.queries import READER_NAMING_MARKS, frozen_since, texts_of
from documents.files.models import StoredFile
from documents.files.queries import pictures_for_draft
from documents.guests.models import GuestLink
from documents.interchange.models import ExportedFile, IncomingFile
from documents.interchange.queries import DOWNLOAD_LIFETIME

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class LinkUsage(TypedDict):
    """Whether a link opens its draft now; number of uses, and the last one."""

    counts: bool
    use_count: int
    last_use: datetime.datetime | None


type AnnotatedGuestLink = WithAnnotations[GuestLink, LinkUsage]


def links_that_count() -> QuerySet[GuestLink]:
    """Return links that are valid at this moment; checked anew at every use.

    A link is valid as long as its author could create it: the very seat it was created with is valid, its
    role suffices under the draft's present mark, and the draft is open to its organisation. A link from
    before a freeze stays invalid after the thaw: the phone may have been in other hands.
    """
    listed = Draft.restricted_to.through.objects.filter(
        draft=OuterRef("draft"), organisation=OuterRef("organisation")
    )
    marked = Q(pk__in=[])
    for mark, required in GUEST_LINK_REQUIREMENTS.items():
        if required is not None:
            seat = active_seats().filter(
                pk=OuterRef("seat"),
                workspace=OuterRef("draft__workspace"),
                role__in=[role for role in SeatRole if required.right in RIGHTS[role]],
            )
            allowed = Q(Exists(seat), draft__handling=mark)
            marked |= allowed & ~Q(reason="") if required.reason else allowed
    return GuestLink.objects.filter(
        marked,
        Q(draft__restricted=False) | Exists(listed),
        ~frozen_since("made_at"),
        ended_at=None,
        expires_at__gt=now(),
        draft__archived_at=None,
        draft__workspace__archived_at=None,
    )


def link_of_token(token: str) -> GuestLink | None:
    """Return the link of a token if it is valid now; None in every other case."""
    rows = links_that_count().filter(token_hash=hash_token(token))
    return rows.select_related("draft__workspace", "text", "version__text", "organisation").first()


def guest_links_of(draft: Draft, *, acts: list[GuestAct]) -> QuerySet[AnnotatedGuestLink]:
    """Return every link of a draft whose guests the caller may see, newest first: one query.

    With `counts` (it opens the draft now), and `use_count` and `last_use` over these acts.
    """
    listed = Q(uses__act__in=acts)
    rows = GuestLink.objects.filter(draft=draft).select_related("made_by", "organisation", "text", "version")
    return rows.annotate(
        counts=Exists(links_that_count().filter(pk=OuterRef("pk"))),
        use_count=Count("uses", filter=listed),
        last_use=Max("uses__at", filter=listed),
    ).order_by("-pk")


def counting_links_of(draft: Draft) -> QuerySet[GuestLink]:
    """Return the links valid for a draft at this moment."""
    return links_that_count().filter(draft=draft)


def texts_for_guest(link: GuestLink) -> list[DraftText]:
    """Return the current texts a link opens, Kazakh first, no empty ones. None for a version."""
    if link.version_id is not None:
        return []
    rows = texts_of(link.draft).filter(revision__gt=0)
    if link.text_id is not None:
        rows = rows.filter(pk=link.text_id)
    return sorted(rows, key=lambda text: Language.values.index(text.language))


def link_opens(link: GuestLink, text: DraftText) -> bool:
    """Whether the link opens this text, or a version of it."""
    if link.version is not None:
        return link.version.text_id == text.pk
    return any(one.pk == text.pk for one in texts_for_guest(link))


def versions_for_guest(link: GuestLink, text: DraftText) -> QuerySet[Version]:
    """Return named versions for a legal reader's comparison: of the text, up to the opened one."""
    rows = Version.objects.filter(text=text).order_by("-number")
    return rows.filter(number__lt=link.version.number) if link.version is not None else rows


def pictures_for_guest(link: GuestLink, document: Document) -> QuerySet[StoredFile]:
    """Return pictures of the words that the link opens, except those whose mark excludes guests."""
    rows = pictures_for_draft(link.draft).filter(uuid__in=list(document["pictures"]))
    return rows.exclude(handling__in=READER_NAMING_MARKS)


def files_for_guest(link: GuestLink, text: DraftText) -> QuerySet[ExportedFile]:
    """Return Word exports of a text requested by the link within a day and under the present mark,
    newest first, to download one that took long. The bytes of older ones are deleted."""
    rows = ExportedFile.objects.filter(
        guest=link.uuid,
        text=text,
        is_long=True,
        made_at__gt=now() - DOWNLOAD_LIFETIME,
        handling=link.draft.handling,
    )
    return rows.select_related("text__draft").order_by("-pk")


def files_sent_by_guest(link: GuestLink, text: DraftText) -> QuerySet[IncomingFile]:
    return IncomingFile.objects.filter(guest=link.uuid, text=text).defer("reading").order_by("-pk")
