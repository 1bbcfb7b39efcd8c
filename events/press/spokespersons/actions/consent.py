"""Whether a spokesperson may be named: asked by mail, given and taken back by the person alone."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.tokens import derive_token, hash_token
from coalition.mail import outbox
from coalition.mail.links import absolute
from events.press.spokespersons.models import Spokesperson

ASKED_A_DAY = 3


def token_of(row: Spokesperson) -> str:
    """The token of the link that stands now."""
    return derive_token("events.speaking", f"{row.uuid}:{row.link_number}")


def new_link(row: Spokesperson) -> None:
    """Give somebody without an account a link; the one before opens nothing. Saves nothing."""
    row.link_number += 1
    row.token_hash = hash_token(token_of(row)) if row.person is None else None


def ask_for_consent(row: Spokesperson) -> bool:
    """Write the mail that asks, in the caller's transaction; three a day at most. Returns whether it was."""
    day = now().date().isoformat()
    if row.person is not None:
        address, path = "", reverse("events:speaking")
        language, person = row.person.language, row.person.uuid
    else:
        address, path = row.address, reverse("speaking_link", args=[token_of(row)])
        language, person = row.writes_in, None
    return any(
        outbox.queue(
            key=f"speaking:{row.uuid}:{row.link_number}:{day}:{number}",
            template="events/speaking_asked",
            language=language,
            person=person,
            address=address,
            context={"name": row.name, "has_account": person is not None, "button_url": absolute(path)},
        )
        for number in range(ASKED_A_DAY)
    )


def agree_to_be_named(*, spokesperson: Spokesperson, with_phone: bool) -> Spokesperson:
    """The person says that press desks of the workspace may know who they are, `with_phone` also the number.
    Again, it only changes the latter. Raises Refused if they are not there any more."""
    with transaction.atomic():
        row = _held(spokesperson)
        row.consented_at, row.gives_phone = row.consented_at or now(), with_phone
        row.save(update_fields=["consented_at", "gives_phone"])
        _keep(row, "spokesperson.agreed")
    return row


def take_name_back(*, spokesperson: Spokesperson) -> Spokesperson:
    """The person says that nobody but their organisation may know who they are. It holds at once."""
    with transaction.atomic():
        row = _held(spokesperson)
        row.consented_at, row.gives_phone, row.asked_at = None, False, now()
        row.save(update_fields=["consented_at", "gives_phone", "asked_at"])
        _keep(row, "spokesperson.took_back")
    return row


def erase_speaker(*, spokesperson: Spokesperson) -> None:
    """The person wants nothing of them kept: the row goes, also from what they were chosen for."""
    with transaction.atomic():
        row = _held(spokesperson)
        _keep(row, "spokesperson.erased")
        row.delete()


def _held(spokesperson: Spokesperson) -> Spokesperson:
    rows = Spokesperson.objects.select_for_update(of=("self",)).select_related(
        "person", "organisation", "workspace"
    )
    row = rows.filter(pk=spokesperson.pk, removed_at=None).first()
    if row is None:
        raise Refused(_("You are not among the spokespersons any more."))
    return row


def _keep(row: Spokesperson, action: str) -> None:
    log.record(
        action,
        actor=row.person,
        organisation=row.organisation.uuid,
        target_kind="spokesperson",
        target=row.uuid,
        workspace=row.workspace.uuid,
    )
