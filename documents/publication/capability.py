"""The sentences of what happens around publications."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer
from coalition.workspaces.dashboard import UpcomingItem, WaitingItem, WorkItem, only_if
from coalition.workspaces.naming import person_name
from coalition.workspaces.notifications.kinds import NotificationKind, NotificationSubject, SubjectDescription
from documents.capability import Capability, address_of
from documents.drafts.models import Draft
from documents.drafts.presenters import language_states, last_changed
from documents.publication.actions import withdraw
from documents.publication.embargo.queries import may_be_scheduled_for, scheduled_for
from documents.publication.models import Publication
from documents.publication.queries import (
    awaiting_decision,
    drafts_in_work,
    may_await_decision,
    public_publications,
    publications_for_sheets,
)

KINDS: Mapping[str, NotificationKind] = {
    "published": NotificationKind(
        sentence=gettext_lazy("“%(title)s” is public, and your organisation stands under it."),
        outline=gettext_lazy("A text that your organisation approved is public."),
        icon="horn",
        asks=True,
        template="documents/published",
        link="documents_public:sheet",
    ),
    "corrected_without": NotificationKind(
        sentence=gettext_lazy(
            "“%(title)s” is public with corrected words. %(about)s stands under the earlier words only, and "
            "is not named under these."
        ),
        outline=gettext_lazy("A text was corrected. Your organisation stands under the earlier words only."),
        icon="again",
        asks=True,
        link="documents_public:sheet",
    ),
    "published_here": NotificationKind(
        sentence=gettext_lazy("%(actor)s published “%(title)s”."),
        outline=gettext_lazy("A text of your workspace is public."),
        icon="horn",
    ),
    "withdrawn": NotificationKind(
        sentence=gettext_lazy("“%(title)s”, which your organisation had approved, is withdrawn."),
        outline=gettext_lazy("A text that your organisation approved is withdrawn."),
        icon="warn",
        asks=True,
        template="documents/withdrawn",
        link="documents_public:sheet",
    ),
    "name_taken_off": NotificationKind(
        sentence=gettext_lazy(
            "%(organisation)s took its name off “%(title)s”. The text stands: its rule still holds."
        ),
        outline=gettext_lazy("An organisation took its name off a public text. The text stands."),
        icon="organisation",
    ),
    "awaiting_decision": NotificationKind(
        sentence=gettext_lazy(
            "%(organisation)s took its name off “%(title)s”, and its rule does not hold any more."
        ),
        outline=gettext_lazy("A public text waits for your decision: its rule does not hold any more."),
        icon="warn",
        asks=True,
        urgent=True,
    ),
}


# --- subjects ---
# Publications as what notifications are about.


def _publications_for(_user: User) -> QuerySet[Publication]:
    """They are public, or were."""
    return public_publications()


def _publications(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    return {
        row.uuid: SubjectDescription(row.title, reverse("documents:publication", args=[row.uuid]))
        for row in publications_for_sheets().filter(uuid__in=uuids)
    }


SUBJECTS: Mapping[str, NotificationSubject] = {
    "publication": NotificationSubject(_publications_for, _publications, address_of("publication"))
}


# --- dashboard ---
# Dashboard entries of publications: texts with a pending decision or a scheduled moment.


@only_if(may_await_decision)
def publications_to_decide(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """Yield public texts of the person's workspaces whose rule is no longer met: two queries."""
    for publication in awaiting_decision(user):
        yield WaitingItem(
            icon="warn",
            title=publication.title,
            detail=_("A name was taken off, and its rule does not hold any more."),
            url=reverse("documents:publication", args=[publication.uuid]),
            action=_("Decide"),
            urgent=True,
        )


@only_if(may_be_scheduled_for)
def scheduled_moments(user: User, viewer: Viewer) -> Iterable[UpcomingItem]:
    """Yield texts scheduled to become public: one query."""
    for publication in scheduled_for(user):
        if publication.scheduled_at is not None:
            yield UpcomingItem(
                at=publication.scheduled_at,
                title=_("Becomes public: %(title)s") % {"title": publication.draft.title},
                detail=publication.draft.workspace.title,
                url=reverse("documents:embargo", args=[publication.uuid]),
            )


# --- dashboard ---
# Dashboard source of drafts: texts in work.


MOST_TEXTS = 12


def texts_in_work(user: User, viewer: Viewer) -> Iterable[WorkItem]:
    """Return the drafts changed last, with the state of their languages: two queries."""
    for draft in drafts_in_work(user)[:MOST_TEXTS]:
        text = last_changed(draft)
        by = person_name(viewer, text.changed_by, text.changed_for) if text and text.changed_by else ""
        state, public = _state(draft)
        yield WorkItem(
            title=draft.title,
            url=draft.get_absolute_url(),
            workspace=draft.workspace.title,
            changed_at=draft.changed_at,
            changed_by=by,
            state=state,
            public=public,
            languages=language_states(draft),
        )


def _state(draft: Draft) -> tuple[str, bool]:
    """Return the state as text, and whether it says "public".
    A correction of a public text counts as in approval."""
    if draft.in_approval:  # type: ignore[attr-defined]  # annotated
        return _("In approval"), False
    return (_("Published"), True) if draft.published else (_("In work"), False)  # type: ignore[attr-defined]  # annotated


# --- capability ---
# What publications hand over to `documents.registry`.


PUBLICATION = Capability(
    name="publication",
    urls="documents.publication.urls",
    activity_links={"publication": "documents:publication"},
    notification_kinds=KINDS,
    subjects=SUBJECTS,
    waiting=(publications_to_decide,),
    coming=(scheduled_moments,),
    work=(texts_in_work,),
    connect=withdraw.register_logo_removal,
)
