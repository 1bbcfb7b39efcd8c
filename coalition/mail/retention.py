"""Retention of sent mail, whose keys prevent duplicates for a limited time."""

from collections.abc import Callable
from itertools import batched

from coalition.core.retention import BATCH_ROWS, anonymise_cutoff, delete_in_batches, register_retention_rule
from coalition.mail.models import OutboxMail

NEWS_KEY_PREFIX = "news:"  # keys of mails that may be queued again years later and must not be sent twice


def register_mail_retention() -> None:
    """Register the retention rules; once, when the models are loaded."""
    register_retention_rule(
        "outbox.forget_sent",
        delete_old_mail,
        of="outbox.OutboxMail: to whom which kind of mail went; address and words go when it leaves",
        until="AUDIT_PERSON_MONTHS; news by mail as long as it is subscribed, so that nobody gets it twice",
    )


def delete_old_mail() -> int:
    """Delete mail sent or given up long ago. Returns the number of rows."""
    over = OutboxMail.objects.exclude(state=OutboxMail.State.WAITING).exclude(key__startswith=NEWS_KEY_PREFIX)
    return delete_in_batches(over.filter(created_at__lt=anonymise_cutoff()))


def delete_named_mail(begins: str, *, still: Callable[[], set[str]]) -> int:
    """Delete finished mail with keys `<begins><name>:…` whose name is not in `still`. Returns how many.

    `still` is called after reading the keys: otherwise a new name could have a key and not be in the
    set."""
    left = OutboxMail.objects.filter(key__startswith=begins).exclude(state=OutboxMail.State.WAITING)
    names = {pk: key.removeprefix(begins).partition(":")[0] for pk, key in left.values_list("pk", "key")}
    known = still()
    gone = [pk for pk, name in names.items() if name not in known]
    return sum(
        delete_in_batches(OutboxMail.objects.filter(pk__in=some)) for some in batched(gone, BATCH_ROWS)
    )
