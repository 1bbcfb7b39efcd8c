"""Whom a draft concerns: the only place where these people come from."""

from django.db.models import Q, QuerySet

from coalition.accounts.models import User
from coalition.roles import SeatRole
from coalition.workspaces.models import Activity
from documents.drafts.models.draft import Draft, DraftText, Version
from documents.drafts.queries.readers import people_of, seats_reading

WRITING = ("text_saved", "text_suggested", "text_file_taken_in")  # activities that tell who wrote


def people_around(draft: Draft) -> QuerySet[User]:
    """Who made the draft, wrote in it or named its versions: they want to know what becomes of it.

    Whether they may still read it is asked when they are told.
    """
    last = DraftText.objects.filter(draft=draft).values("changed_by")
    named = Version.objects.filter(text__draft=draft).values("created_by")
    wrote = _told_of_writing(draft).values("actor")
    return User.objects.filter(Q(pk=draft.created_by_id) | Q(pk__in=last) | Q(pk__in=named) | Q(pk__in=wrote))


def coordinators_of(draft: Draft) -> list[User]:
    """Coordinators of the workspace who may read the draft, each once."""
    return people_of(seats_reading(draft).filter(role=SeatRole.COORDINATOR))


def who_wrote_in(text: DraftText) -> QuerySet[User]:
    """Everyone who wrote or suggested in the text since it was last published, from what its workspace was
    told of it."""
    told = _told_of_writing(text.draft).filter(detail__language=text.language)
    return User.objects.filter(pk__in=told.values("actor"))


def _told_of_writing(draft: Draft) -> QuerySet[Activity]:
    rows = Activity.objects.filter(workspace=draft.workspace_id, subject=draft.uuid, actor__isnull=False)
    return rows.filter(kind__in=WRITING).order_by()
