"""The film of a screening and the rights to it."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from events.core import audit as core_audit
from events.core.enums import EventKind
from events.core.locking import lock_event, refuse_cancelled
from events.core.models import Event
from events.core.permissions import may_change
from events.exhibitions.works.actions import non_empty_texts
from events.exhibitions.works.screenings.models import Screening

type TextByLanguage = Mapping[str, str]


@dataclass(frozen=True)
class FilmInput:
    """Data of the film; `sound` and `subtitles` of `SpokenLanguage`."""

    title: TextByLanguage
    maker: str = ""
    year: int | None = None
    minutes: int | None = None
    sound: list[str] = field(default_factory=list)
    subtitles: list[str] = field(default_factory=list)
    age: str = ""
    certificate: str = ""
    content_note: TextByLanguage = field(default_factory=dict)
    guide: TextByLanguage = field(default_factory=dict)
    rights_holder: str = ""
    rights_from: datetime.date | None = None
    rights_until: datetime.date | None = None
    showings: int | None = None
    support: str = ""
    support_phone: str = ""


def set_film(*, access: Access, event: Event, film: FilmInput) -> Screening:
    """Set the film and the rights to show it.

    Raises NotAllowed without the right to change the event; Refused if the event is not a screening
    or is cancelled, without a title, or if the rights end before they begin.
    """
    if not non_empty_texts(film.title):
        raise Refused(_("Give the film a title in at least one language."))
    if film.rights_from and film.rights_until and film.rights_until < film.rights_from:
        raise Refused(_("The rights end before they begin."))
    with transaction.atomic():
        locked = lock_event(event)
        require_that(may_change(access, locked), _("Editors and coordinators prepare the screening."))
        refuse_cancelled(locked)
        if locked.kind != EventKind.SCREENING:
            raise Refused(_("Only a screening has a film."))
        row, _made = Screening.objects.get_or_create(event=locked)
        for one in fields(film):
            said = getattr(film, one.name)
            if isinstance(said, Mapping):
                said = non_empty_texts(said)
            setattr(row, one.name, said.strip() if type(said) is str else said)
        row.save()
        core_audit.record_event_action(locked, access, "event.film_set")
    return row
