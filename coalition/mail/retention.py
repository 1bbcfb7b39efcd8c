"""What is kept of mail that left: that it did, so that nothing leaves twice; not for ever."""

from collections.abc import Callable
from itertools import batched

from coalition.core.retention import BATCH_ROWS, anonymise_cutoff, delete_in_batches, register_retention_rule
from coalition.mail.models import OutboxMail

NEWS_KEY_PREFIX = "news:"  # keys of mails that may be planned anew, years later, for who has had them


def register_mail_retention() -> None:
    """Say how long; once, when the models are there."""
    register_retention_rule(
        "outbox.forget_sent",
        delete_old_mail,
        of="outbox.OutboxMail: to whom which kind of mail went; address and words go when it leaves",
        until="AUDIT_PERSON_MONTHS; news by mail as long as it is subscribed, so that nobody gets it twice",
    )


def delete_old_mail() -> int:
    """Delete what left, or never could, long ago. Returns how many rows."""
    over = OutboxMail.objects.exclude(state=OutboxMail.State.WAITING).exclude(key__startswith=NEWS_KEY_PREFIX)
    return delete_in_batches(over.filter(created_at__lt=anonymise_cutoff()))


def delete_named_mail(begins: str, *, still: Callable[[], set[str]]) -> int:
    """Delete what left under keys `<begins><name>:…` whose name is not in `still`. Returns how many.

    `still` is asked after the keys were read: else who comes in between would have a key and no name."""
    left = OutboxMail.objects.filter(key__startswith=begins).exclude(state=OutboxMail.State.WAITING)
    names = {pk: key.removeprefix(begins).partition(":")[0] for pk, key in left.values_list("pk", "key")}
    known = still()
    gone = [pk for pk, name in names.items() if name not in known]
    return sum(
        delete_in_batches(OutboxMail.objects.filter(pk__in=some)) for some in batched(gone, BATCH_ROWS)
    )
