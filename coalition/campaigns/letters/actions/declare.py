"""People declare that they wrote. Nothing of a letter or its writer is taken."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import F

from coalition.campaigns.core.days import site_today
from coalition.campaigns.letters.models import LetterAction, LetterDay, Way
from coalition.campaigns.letters.queries import creditable_code, recipients_of
from coalition.campaigns.recipients.models import Target


def sort_targets(action: LetterAction, chosen: Collection[UUID]) -> tuple[list[Target], list[Target]]:
    """Return the people of these UUIDs who can be written to, and those who cannot any more: they left
    office, or their body was archived or taken out of the action.

    Whoever belongs to another workspace is left out. Two queries at most.
    """
    standing = list(recipients_of(action).filter(uuid__in=chosen))
    left = set(chosen) - {one.uuid for one in standing}
    gone = Target.objects.filter(uuid__in=left, body__workspace=action.workspace_id).order_by("pk")
    return standing, list(gone) if left else []


def declare_letters(
    *, action: LetterAction, targets: Collection[Target], way: Way, language: str, code: str = ""
) -> None:
    """Add one letter to each target's count of today. `code`: the referral code by which the person came.

    Safe in parallel: whoever is first makes the row, and each adds to it. At most four statements a target.
    """
    referral = creditable_code(code, action)
    keys = {
        "action": action,
        "referral": referral,
        "way": way,
        "language": language,
        "day": site_today(),
    }
    for target in sorted(targets, key=lambda one: one.pk):
        rows = LetterDay.objects.filter(**keys, target=target)
        if not rows.update(count=F("count") + 1):
            LetterDay.objects.bulk_create([LetterDay(**keys, target=target)], ignore_conflicts=True)
            rows.update(count=F("count") + 1)
