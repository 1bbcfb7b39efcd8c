"""Whether a public text still stands by the rule of its round, after names were taken off. Pure.

The rule is the one by which it was published (`ApprovalRound.rule`); who stood under it then cannot grow
without a new round, so the rule is asked of those who are left.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from documents.approval.models import ApprovalRound
from documents.drafts.enums import Rule, Way
from documents.publication.models.publication import PublicationName


@dataclass(frozen=True)
class Under:
    """`published`: primary keys of the organisations under the text when it became public; `left`: now;
    `silent`: those that were named for saying nothing against it. `speaker`: in whose voice it speaks, if it
    is one organisation's."""

    rule: str
    speaker: int | None
    published: frozenset[int]
    left: frozenset[int]
    silent: frozenset[int] = frozenset()


def under(round_: ApprovalRound, names: Iterable[PublicationName]) -> Under:
    """What the rule is asked about. `names`: every one, also those that were taken off."""
    rows = list(names)
    return Under(
        rule=round_.rule,
        speaker=round_.speaker_id,
        published=frozenset(row.organisation_id for row in rows),
        left=frozenset(row.organisation_id for row in rows if row.taken_off_at is None),
        silent=frozenset(row.organisation_id for row in rows if row.way == Way.NO_OBJECTION),
    )


def why_not(found: Under) -> list[str]:
    """Why the text stands no more, as whole sentences; empty if its rule still holds."""
    gone = found.published - found.left
    if not found.left:
        return [_("No organisation stands under it any more.")]
    if found.speaker is not None and found.speaker in gone:
        return [_("The organisation in whose voice it speaks has taken its name off.")]
    if found.rule == Rule.ALL and gone:
        return [
            ngettext(
                "Its rule asks for every organisation, and %(count)s has taken its name off.",
                "Its rule asks for every organisation, and %(count)s have taken their names off.",
                len(gone),
            )
            % {"count": len(gone)}
        ]
    if found.rule == Rule.NO_OBJECTION and not found.left - found.silent:
        return [_("No organisation that approved it stands under it any more; the others said nothing.")]
    return []
