"""What publications, embargoes and verification bring to documents and to the layers below."""

from collections.abc import Collection, Iterable, Mapping
from functools import partial
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer
from coalition.consent.items import register_takers
from coalition.core.retention import RetentionRule, anonymise_cutoff, delete_in_batches
from coalition.jobs import scheduler
from coalition.jobs.scheduler import RetryUntilDone
from coalition.workspaces.capability import RecurringWork
from coalition.workspaces.dashboard import UpcomingItem, WaitingItem, WorkItem, only_if
from coalition.workspaces.notifications.kinds import NotificationKind, NotificationSubject, SubjectDescription
from coalition.workspaces.sentence_params import person_name
from documents.capability import Capability, address_of
from documents.drafts.presenters import language_states, last_changed
from documents.files.consent import FILE
from documents.hooks import Hooks
from documents.publication import queries
from documents.publication.actions import register_logo_removal
from documents.publication.embargo.actions import (
    end_accesses_of,
    end_feeds_of,
    lift_due_embargo,
    notify_late_publication,
    put_off_planned,
)
from documents.publication.embargo.audit import LIFT_KIND
from documents.publication.embargo.takers import takers_under_embargo
from documents.publication.models import EmbargoUse
from documents.publication.queries import may_be_scheduled_for, scheduled_for, upcoming_lifts
from documents.publication.verification.run import RUN_INTERVAL, verify_due

about_sheet = partial(NotificationKind, asks=True, link="documents_public:sheet")

PUBLICATION_KINDS: Mapping[str, NotificationKind] = {
    "published": about_sheet(
        sentence=gettext_lazy("“%(title)s” is public, and your organisation stands under it."),
        outline=gettext_lazy("A text that your organisation approved is public."),
        icon="horn",
        template="documents/published",
    ),
    "corrected_without": about_sheet(
        sentence=gettext_lazy(
            "“%(title)s” is public with corrected words. %(about)s stands under the earlier words only, and "
            "is not named under these."
        ),
        outline=gettext_lazy("A text was corrected. Your organisation stands under the earlier words only."),
        icon="again",
    ),
    "published_here": NotificationKind(
        sentence=gettext_lazy("%(actor)s published “%(title)s”."),
        outline=gettext_lazy("A text of your workspace is public."),
        icon="horn",
    ),
    "withdrawn": about_sheet(
        sentence=gettext_lazy("“%(title)s”, which your organisation had approved, is withdrawn."),
        outline=gettext_lazy("A text that your organisation approved is withdrawn."),
        icon="warn",
        template="documents/withdrawn",
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


def _publications(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    return {
        row.uuid: SubjectDescription(row.title, reverse("documents:publication", args=[row.uuid]))
        for row in queries.publications_for_sheets().filter(uuid__in=uuids)
    }


SUBJECTS: Mapping[str, NotificationSubject] = {
    "publication": NotificationSubject(
        lambda _user: queries.public_publications(), _publications, address_of("publication")
    )
}


@only_if(queries.may_await_decision)
def publications_to_decide(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """Yield public texts of the person's workspaces whose rule is no longer met: two queries."""
    for publication in queries.awaiting_decision(user):
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


MOST_TEXTS = 12


def texts_in_work(user: User, viewer: Viewer) -> Iterable[WorkItem]:
    """Return the drafts changed last, with the state of their languages: two queries."""
    for draft in queries.drafts_in_work(user)[:MOST_TEXTS]:
        text = last_changed(draft)
        by = person_name(viewer, text.changed_by, text.changed_for) if text and text.changed_by else ""
        state, public = _("In work"), False
        if draft.in_approval:  # type: ignore[attr-defined]  # annotated; also a correction of a public text
            state = _("In approval")
        elif draft.published:  # type: ignore[attr-defined]  # annotated
            state, public = _("Published"), True
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


PUBLICATION = Capability(
    name="publication",
    urls="documents.publication.urls",
    activity_links={"publication": "documents:publication"},
    notification_kinds=PUBLICATION_KINDS,
    subjects=SUBJECTS,
    waiting=(publications_to_decide,),
    coming=(scheduled_moments,),
    work=(texts_in_work,),
    connect=register_logo_removal,
)

urgent_kind = partial(NotificationKind, asks=True, urgent=True)

EMBARGO_KINDS: Mapping[str, NotificationKind] = {
    "embargo_not_lifted": urgent_kind(
        sentence=gettext_lazy(
            "“%(title)s” did not become public at its moment: its rule does not hold. Look at the round."
        ),
        outline=gettext_lazy("A text did not become public at its moment. It waits for your decision."),
        icon="warn",
    ),
    "embargo_late": urgent_kind(
        sentence=gettext_lazy(
            "“%(title)s” is late: it has not become public at its moment, because of a fault on our side. "
            "It is tried again until it succeeds. Until then you can put it off."
        ),
        outline=gettext_lazy("A text is late: it has not become public at its moment. It is tried again."),
        icon="warn",
    ),
    "embargo_lifted_late": urgent_kind(
        sentence=gettext_lazy("“%(title)s” is public now, later than planned."),
        outline=gettext_lazy("A text that was late is public now."),
        icon="horn",
        link="documents_public:sheet",
    ),
}


def forget_readings() -> int:
    """Delete records older than `AUDIT_PERSON_MONTHS` of press contacts' reading under embargo.
    Return the count."""
    return delete_in_batches(EmbargoUse.objects.filter(at__lt=anonymise_cutoff()))


def _connect() -> None:
    lifts = RetryUntilDone(on_failure=notify_late_publication, to_come=upcoming_lifts)
    scheduler.register_handler(LIFT_KIND, lift_due_embargo, until_done=lifts)
    register_takers(FILE, takers_under_embargo)


EMBARGO = Capability(
    name="embargo",
    urls="documents.publication.urls",
    notification_kinds=EMBARGO_KINDS,
    retention_rules=(
        RetentionRule(
            "documents.forget_readings",
            of="documents.EmbargoUse: who of an outlet opened what under an embargo",
            until="AUDIT_PERSON_MONTHS",
            forget=forget_readings,
        ),
    ),
    hooks=Hooks(
        round_closing=[put_off_planned],
        contact_put_away=[end_accesses_of, end_feeds_of],
    ),
    connect=_connect,
)

VERIFICATION_KINDS: Mapping[str, NotificationKind] = {
    "publication_differs": NotificationKind(
        sentence=gettext_lazy(
            "What readers get of “%(title)s” differs from its record. What was found stands on the page of "
            "the publication."
        ),
        outline=gettext_lazy("What readers get of a public text differs from its record."),
        icon="warn",
        asks=True,
        protects=True,
    ),
    "publications_differ": NotificationKind(
        sentence=gettext_lazy(
            "What readers get of several texts of this workspace differs from their records (%(number)s "
            "texts), among them “%(title)s”."
        ),
        outline=gettext_lazy("What readers get of several public texts differs from their records."),
        icon="warn",
        asks=True,
        protects=True,
    ),
    "publication_taken_off": NotificationKind(
        sentence=gettext_lazy(
            "“%(title)s” was taken off the site: twice running, what readers get differed from its record. "
            "It comes back when nothing differs any more."
        ),
        outline=gettext_lazy("A public text was taken off the site while it is checked."),
        icon="stop",
        asks=True,
        urgent=True,
        protects=True,
    ),
    "publication_brought_back": NotificationKind(
        sentence=gettext_lazy("“%(title)s” is on the site again: nothing differs from its record any more."),
        outline=gettext_lazy("A text that had been taken off the site is public again."),
        icon="check",
        protects=True,
    ),
}

VERIFICATION = Capability(
    name="verification",
    notification_kinds=VERIFICATION_KINDS,
    recurring=(RecurringWork("documents.verify_publications", verify_due, every=RUN_INTERVAL),),
)
