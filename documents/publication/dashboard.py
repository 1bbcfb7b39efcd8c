"""Dashboard entries of publications: texts with a pending decision or a scheduled moment."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer
from coalition.workspaces.dashboard import UpcomingItem, WaitingItem, WorkItem
from coalition.workspaces.dashboard_prefilter import only_if
from coalition.workspaces.naming import person_name
from documents.drafts.models import Draft
from documents.drafts.rendering import language_states, last_changed
from documents.publication.embargo.queries import may_be_scheduled_for, scheduled_for
from documents.publication.queries import awaiting_decision, drafts_in_work, may_await_decision


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
