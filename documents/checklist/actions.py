"""The checklist when a text is put to approval: what has to be done is done, the rest was looked at."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from documents.checklist.check import Checked, check_texts
from documents.drafts import audit
from documents.drafts.models import Draft, DraftText, Version


class NotAcknowledged(Refused):
    """The checklist found something to look at, and nobody has said that they did."""


def look_through(*, access: Access, texts: Collection[DraftText]) -> Checked:
    """What the checklist finds in the texts of a draft (`texts_as_live`). It takes time: call it before the
    transaction."""
    return check_texts(texts, access.user)


def settle_list(
    *,
    access: Access,
    draft: Draft,
    checked: Checked,
    versions: Collection[Version],
    acknowledged: bool,
    whole: bool = True,
) -> None:
    """Let the versions pass, in the caller's transaction; what was acknowledged is written down.

    `whole`: what concerns the other languages of the draft counts too. Raises Refused if the versions are
    not the words that were looked through or something has to be done first, NotAcknowledged if there is
    something to look at and nobody says that they did.
    """
    if any(checked.hashes.get(version.language) != version.hash for version in versions):
        raise Refused(_("Somebody changed a text a moment ago. Look at the checklist again."))
    counting = checked.of([version.language for version in versions], whole=whole)
    if counting.musts:
        first = counting.musts[0]
        raise Refused(
            _("The checklist is not done yet. %(language)s: %(found)s"),
            language=first.language.label,
            found=first.message,
        )
    if counting.shoulds and not acknowledged:
        raise NotAcknowledged(_("Look at what the checklist found, and say that you did."))
    if counting.shoulds:
        audit.record(
            thing=draft,
            access=access,
            action="checklist.acknowledged",
            languages=sorted(version.language for version in versions),
            found=counting.counted(),
        )
