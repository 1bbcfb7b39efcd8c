"""What of monthly figures waits on the desk's first page."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from coalition.campaigns.helplines.figures.queries import publications_to_answer
from coalition.workspaces.dashboard import WaitingItem, counted_source


@counted_source(publications_to_answer)
def to_answer(count: int) -> Iterable[WaitingItem]:
    """One row, however many proposals wait for an organisation that the person represents."""
    words = ngettext(
        "%(count)s publication of figures waits for your organisation",
        "%(count)s publications of figures wait for your organisation",
        count,
    )
    yield WaitingItem(
        icon="table",
        title=words % {"count": count},
        detail=_("See exactly what would be published, then agree or not."),
        url=reverse("campaigns:figures"),
        action=_("Look at it"),
    )
