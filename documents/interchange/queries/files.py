"""Lists of files that left and of files that came in: the only place where they come from."""

from django.db.models import Q, QuerySet

from coalition.accounts.models import User
from coalition.core.clock import now
from coalition.roles import RIGHTS, Right, SeatRole
from coalition.workspaces.queries import active_seats, workspaces_for
from documents.drafts.enums import IncomingState
from documents.drafts.models import DraftText
from documents.drafts.queries import drafts_for
from documents.interchange.models import ExportedFile, IncomingFile
from documents.interchange.retention import TO_TAKE


def exported_by(user: object) -> QuerySet[ExportedFile]:
    """Files that the person asked for within a day, of drafts that they may still read."""
    if not isinstance(user, User):
        return ExportedFile.objects.none()
    rows = ExportedFile.objects.filter(
        made_by=user, made_at__gt=now() - TO_TAKE, text__draft__in=drafts_for(user)
    )
    return rows.select_related("text__draft__workspace", "text__draft__organisation")


def incoming_for(user: object) -> QuerySet[IncomingFile]:
    """Files that came in for texts the person may read, and those that they sent themselves to become drafts.

    Who decides on one is said by `rules.may_take_in`.
    """
    if not isinstance(user, User):
        return IncomingFile.objects.none()
    own = Q(text=None, sent_by=user, workspace__in=workspaces_for(user, Right.SEE_DRAFTS))
    rows = IncomingFile.objects.filter(own | Q(text__draft__in=drafts_for(user)))
    draft = ("text__draft__workspace", "text__draft__organisation")
    return rows.select_related("workspace", *draft, "exported", "sent_by", "organisation")


def waiting_on(text: DraftText) -> QuerySet[IncomingFile]:
    """Files that wait for somebody to look at them; the caller may read the text."""
    states = (IncomingState.READING, IncomingState.READY)
    rows = IncomingFile.objects.filter(text=text, state__in=states)
    return rows.select_related("sent_by", "organisation", "text__draft").defer("reading")


def files_of_guests_where(user: User) -> QuerySet[IncomingFile]:
    """Files that guests sent back and nobody looked at, where the person edits, whether they may read the
    text or not."""
    editing = [role for role in SeatRole if Right.EDIT in RIGHTS[role]]
    edited = active_seats(user).filter(role__in=editing).values("workspace")
    return IncomingFile.objects.filter(workspace__in=edited, state=IncomingState.READY, guest__isnull=False)


def waiting_files(user: object) -> QuerySet[IncomingFile]:
    """Files that guests sent back and nobody looked at, in texts that the person edits: one query."""
    if not isinstance(user, User):
        return IncomingFile.objects.none()
    rows = incoming_for(user).filter(
        pk__in=files_of_guests_where(user).values("pk"),
        text__draft__archived_at=None,
        workspace__archived_at=None,
    )
    return rows.defer("reading").order_by("sent_at")
