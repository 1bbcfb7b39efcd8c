"""The secretariat names the coalition's agreement; from a moment on it is asked for at the door."""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from coalition.accounts.access import access_changed
from coalition.accounts.models import User
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.jobs import scheduler
from coalition.jobs.moments import with_place
from coalition.mail import outbox
from coalition.mail.links import absolute
from coalition.workspaces.rules import NotAllowed, is_secretariat
from documents.agreement.models import Agreement
from documents.agreement.queries import (
    current_agreement,
    open_editions,
    organisations_asked,
    people_in,
    possible_agreements,
    representatives_in,
)
from documents.publication.models.publication import Publication

REQUIRE = "agreement_required"


def set_agreement(
    *,
    by: User,
    publication: Publication,
    asks: bool = True,
    asks_from: datetime.datetime | None = None,
    words: str = "",
) -> Agreement:
    """Name a public text in all languages as the agreement, or its next edition.

    `asks`: each organisation must accept it before its people get into workspaces, from `asks_from` on or at
    once; their representatives are told by mail. Without it those who accepted the edition before go on.
    Raises NotAllowed but for the secretariat, Refused in words for a text that cannot be the agreement.
    """
    if not is_secretariat(by):
        raise NotAllowed
    with transaction.atomic():
        list(Agreement.objects.select_for_update().values_list("pk"))
        if not possible_agreements().filter(pk=publication.pk).exists():
            raise Refused(_("The agreement is a text that is public in Kazakh, Russian and English."))
        before = current_agreement()
        if before is not None and before.publication_id == publication.pk:
            raise Refused(_("This text is the agreement already."))
        moment = now()
        known = Agreement.objects.aggregate(highest=Max("number"))["highest"] or 0
        edition = Agreement.objects.create(
            number=known + 1,
            publication=publication,
            words=words.strip(),
            asks_from=(asks_from or moment) if asks else None,
            set_by=by,
            set_at=moment,
        )
        _record("agreement.set", by, edition)
        if edition.asks_from is not None:
            _ask(edition)
    return edition


def end_agreement(*, by: User) -> list[Agreement]:
    """The coalition has no agreement here any more: nothing is asked at the door. What was accepted stays
    on record. Raises NotAllowed but for the secretariat, Refused if there is none."""
    if not is_secretariat(by):
        raise NotAllowed
    with transaction.atomic():
        editions = list(open_editions().select_for_update())
        if not editions:
            raise Refused(_("There is no agreement that could be ended."))
        shut_out = people_in(organisations_asked(required=True))
        moment = now()
        for edition in editions:
            edition.ended_at = moment
            edition.save(update_fields=["ended_at"])
            scheduler.cancel(kind=REQUIRE, key=str(edition.uuid))
            _record("agreement.ended", by, edition)
        access_changed(shut_out)
    return editions


def require_agreement(key: str, _payload: dict[str, Any]) -> None:
    """Due at `asks_from`: the edition is asked for at the door from now on; whose organisation has not
    accepted it loses pages and sockets at once. Running it again changes nothing."""
    with transaction.atomic():
        edition = Agreement.objects.select_for_update().filter(uuid=key, ended_at=None).first()
        if edition is None or edition.is_required or edition.asks_from is None or edition.asks_from > now():
            return
        _require(edition)


def _ask(edition: Agreement) -> None:
    _tell_representatives(edition)
    if edition.asks_from is not None and edition.asks_from > now():
        scheduler.schedule(kind=REQUIRE, key=str(edition.uuid), due_at=edition.asks_from)
    else:
        _require(edition)


def _require(edition: Agreement) -> None:
    edition.is_required = True
    edition.save(update_fields=["is_required"])
    access_changed(people_in(organisations_asked(required=True)))


def _tell_representatives(edition: Agreement) -> None:
    for person in representatives_in(organisations_asked(required=False)):
        with override(person.language):
            since = with_place(edition.asks_from) if edition.asks_from else ""
        outbox.queue(
            key=f"agreement:{edition.uuid}:{person.uuid}",
            template="documents/agreement",
            language=person.language,
            person=person.uuid,
            context={
                "name": person.get_short_name(),
                "since": since,
                "button_url": absolute(reverse("documents:agreement")),
            },
        )


def _record(action: str, by: User, edition: Agreement) -> None:
    log.record(
        action,
        actor=by,
        target_kind="agreement",
        target=edition.uuid,
        number=edition.number,
        publication=str(edition.publication.uuid),
        asks_from=edition.asks_from.isoformat() if edition.asks_from else "",
    )
