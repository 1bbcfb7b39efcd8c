"""Links of operators, and what an operator says of the line now."""

import datetime
import secrets
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import User
from coalition.audit import log
from coalition.campaigns.helplines.enums import HELPLINE_KIND, Availability
from coalition.campaigns.helplines.models import Helpline, OperatorLink
from coalition.campaigns.helplines.permissions import require_helpline_editor
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import hash_token

AVAILABILITY: Final = "helpline.availability"  # the action in the audit log
AVAILABILITY_HOURS: Final = 4  # after which "overloaded" and "closed" end by themselves
MOST_LINKS: Final = 10  # of one line that open


def make_operator_link(*, person: User, helpline: Helpline, label: str = "") -> tuple[OperatorLink, str]:
    """Make a link of a line. Returns it with its token, of which only a hash is stored.

    `label`: where the link lies, for the desk. Raises NotAllowed; Refused for a line out of use and if there
    are `MOST_LINKS` already.
    """
    with transaction.atomic():
        locked = _locked(person, helpline)
        if locked.retired_at is not None:
            raise Refused(_("This line is out of use. Bring it back first."))
        if OperatorLink.objects.filter(helpline=locked, ended_at=None).count() >= MOST_LINKS:
            raise Refused(_("There are %(number)d links already: end one first."), number=MOST_LINKS)
        token = secrets.token_urlsafe(32)
        link = OperatorLink.objects.create(
            helpline=locked,
            organisation=locked.organisation,
            label=label.strip(),
            token_hash=hash_token(token),
            made_at=now(),
        )
        _record("helpline.operator_link_made", person, locked, link=str(link.uuid))
    return link, token


def end_operator_link(*, person: User, link: OperatorLink) -> None:
    """End a link at once. A second time nothing happens. Raises NotAllowed."""
    with transaction.atomic():
        locked = _locked(person, link.helpline)
        if OperatorLink.objects.filter(pk=link.pk, ended_at=None).update(ended_at=now()):
            _record("helpline.operator_link_ended", person, locked, link=str(link.uuid))


def set_availability(
    *,
    helpline: Helpline,
    availability: Availability,
    person: User | None = None,
    link: OperatorLink | None = None,
) -> None:
    """Set that a line is open, overloaded or closed now. The public page shows it at once.

    Overloaded and closed end by themselves after `AVAILABILITY_HOURS`; said again, the time begins anew. Open
    means: by its hours, as if nothing had been said. Give the `person` at the desk, or the operators' `link`,
    which the caller has checked and the audit log does not name. Raises NotAllowed; Refused for a line out of
    use.
    """
    if person is None and (link is None or link.helpline_id != helpline.pk):
        raise ValueError("a person or a link of the line says it")
    with transaction.atomic():
        locked = _locked(person, helpline)
        if locked.retired_at is not None:
            raise Refused(_("This line is out of use."))
        if availability == Availability.OPEN:
            locked.availability, locked.available_until = "", None
        else:
            locked.availability = availability
            locked.available_until = now() + datetime.timedelta(hours=AVAILABILITY_HOURS)
        locked.save(update_fields=["availability", "available_until"])
        _record(AVAILABILITY, person, locked, availability=availability.value)


def _locked(person: User | None, helpline: Helpline) -> Helpline:
    rows = Helpline.objects.select_for_update(of=("self",)).select_related("organisation")
    locked = rows.get(pk=helpline.pk)
    if person is not None:
        require_helpline_editor(person, locked)
    return locked


def _record(action: str, person: User | None, helpline: Helpline, **detail: Any) -> None:
    log.record_audit(
        action,
        actor=person,
        organisation=helpline.organisation.uuid,
        target_kind=HELPLINE_KIND,
        target=helpline.uuid,
        **detail,
    )
