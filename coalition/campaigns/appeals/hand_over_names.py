"""Whose names are in the files of a hand-over, and whether all of them may still leave."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.timezone import localdate

from coalition.campaigns.appeals.desk_queries import named_in
from coalition.campaigns.appeals.enums import SupportState
from coalition.campaigns.appeals.hand_over_storage import delete_files, delete_orphans
from coalition.campaigns.appeals.models import HandOver, Support
from coalition.core.clock import now
from coalition.core.retention import BATCH_ROWS


def print_of_names(supports: Iterable[Support]) -> str:
    """Return a keyed hash of these people and their names."""
    words = "\n".join(sorted(f"{one.uuid} {one.name}" for one in supports))
    return salted_hmac("coalition.campaigns.hand_over", words, algorithm="sha256").hexdigest()


def names_went(hand_over: HandOver) -> bool:
    """Whether a name in the files may not be handed over now: it was taken back or changed, or its support is
    held. Names that came since do not matter. One query."""
    return print_of_names(named_in(hand_over)) != hand_over.names_print


def delete_files_with(support: Support) -> int:
    """Delete the files that hold this person's name, in the caller's transaction: it was taken back or
    changed. Also those that were handed over. Returns how many hand-overs."""
    keys = list(support.hand_overs.order_by().values_list("pk", flat=True))
    return delete_files(HandOver.objects.filter(pk__in=keys))


def forget_hand_over_files() -> int:
    """Retention: delete the files of appeals whose personal data ended, those with a name that was taken
    back, and those without a row. Returns how many hand-overs and files."""
    ended = Q(appeal__personal_data_until__lt=localdate(now()))
    taken_back = Q(supports__in_hand_over=False) | Q(supports__state=SupportState.WITHDRAWN)
    rows = HandOver.objects.filter(ended | taken_back, files_deleted_at=None).order_by()
    gone = 0
    while keys := list(rows.values_list("pk", flat=True).distinct()[:BATCH_ROWS]):
        with transaction.atomic():
            gone += delete_files(HandOver.objects.filter(pk__in=keys))
    return gone + delete_orphans()
