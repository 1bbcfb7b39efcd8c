"""A declaration that is posted again counts once: after a lost answer, or with one more recipient.

The cache notes hashes of a form and a recipient, as long as the form can be posted; nothing of the person or
their network. A form is its stamp and a random number that the script makes for each declaration (`attempt`).
Without script it is the stamp alone: whoever got the page in the same minute and writes to the same recipient
is not counted as well.
"""

import logging
from collections.abc import Collection, Iterable
from typing import Final

from django.core.cache import cache

from coalition.applicants.views import MAX_CLOCK_SKEW, MAX_STAMP_AGE
from coalition.campaigns.letters.models import LetterAction
from coalition.campaigns.recipients.models import Target
from coalition.core.throttling import fingerprint

SECONDS: Final = int((MAX_STAMP_AGE + MAX_CLOCK_SKEW).total_seconds())

logger = logging.getLogger(__name__)


def form_key(action: LetterAction, *, stamp: str, attempt: str) -> str:
    """Return what one form of an action is known by."""
    return f"{action.uuid}:{stamp}:{attempt}"


def note_declared(form: str, targets: Iterable[Target]) -> list[Target]:
    """Note that the form declares letters to these; return those that it has not declared before. Without a
    cache it is all of them."""
    return [one for one in targets if _is_new(_key(form, one))]


def forget_declared(form: str, targets: Collection[Target]) -> None:
    """Undo `note_declared` for letters that were not counted."""
    try:
        cache.delete_many([_key(form, one) for one in targets])
    except Exception:  # noqa: BLE001  without a cache, of whatever kind, people go on
        logger.info("the cache did not forget")


def _is_new(key: str) -> bool:
    try:
        return cache.add(key, 1, SECONDS)
    except Exception:  # noqa: BLE001  a cache that is away, whatever kind it is, must not keep anyone away
        logger.info("the cache did not note")
        return True


def _key(form: str, target: Target) -> str:
    return f"letters:declared:{fingerprint(f'{form}:{target.uuid}')}"
