"""The reader of a mail to the press ends further ones with one press, or takes that back."""

from django.db import transaction

from coalition.audit import log
from coalition.core.clock import now
from documents.models import PressStop
from events.press.models import Letter


def end_mails(letter: Letter) -> None:
    """No more mail of this sort goes to the address, whoever of the coalition knows it. Twice is once."""
    with transaction.atomic():
        PressStop.objects.get_or_create(address_print=letter.address_print, defaults={"at": now()})
        if letter.ended_at is None:
            letter.ended_at = now()
            letter.save(update_fields=["ended_at"])
            _record(letter, "press.ended")


def begin_again(letter: Letter) -> None:
    """The address takes mail again."""
    with transaction.atomic():
        PressStop.objects.filter(address_print=letter.address_print).delete()
        if letter.ended_at is not None:
            letter.ended_at = None
            letter.save(update_fields=["ended_at"])
            _record(letter, "press.begun_again")


def _record(letter: Letter, action: str) -> None:
    log.record(action, actor=None, organisation=letter.owner, target_kind="contact", target=letter.contact)
