"""What drafts bring to the desk's first page: texts in work."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer
from coalition.workspaces.dashboard import WorkItem
from coalition.workspaces.naming import person_name
from documents.drafts.models import Draft
from documents.drafts.queries import drafts_in_work
from documents.drafts.rendering import last_changed, states_of

MOST_TEXTS = 12


def texts_in_work(user: User, viewer: Viewer) -> Iterable[WorkItem]:
    """Drafts changed last, with the state of their languages: two queries."""
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
            languages=states_of(draft),
        )


def _state(draft: Draft) -> tuple[str, bool]:
    """In words, and whether they say that it is public. A correction of what is public is in approval."""
    if draft.in_approval:  # type: ignore[attr-defined]  # annotated
        return _("In approval"), False
    return (_("Published"), True) if draft.published else (_("In work"), False)  # type: ignore[attr-defined]  # annotated
