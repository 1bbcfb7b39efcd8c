"""Enforcement of the checklist at submission for approval: MUST resolved, SHOULD acknowledged."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from documents.checklist.check import Checked, check_texts
from documents.drafts import audit as drafts_audit
from documents.drafts.models import Draft, DraftText, Version


class NotAcknowledged(Refused):
    """The checklist has findings that have not been acknowledged."""


def run_checklist(*, access: Access, texts: Collection[DraftText]) -> Checked:
    """Run the checklist on the texts of a draft (`read_live_texts`).

    This takes time: call it before the transaction.
    """
    return check_texts(texts, access.user)


def require_acknowledged(
    *,
    access: Access,
    draft: Draft,
    checked: Checked,
    versions: Collection[Version],
    acknowledged: bool,
    whole: bool = True,
) -> None:
    """Accept the versions in the caller's transaction and record what was acknowledged.

    `whole`: include findings about the other languages of the draft. Raises Refused if the
    versions differ from the checked texts or a required point is open, NotAcknowledged if there
    are other findings and `acknowledged` is false.
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
        drafts_audit.record_document_audit(
            thing=draft,
            access=access,
            action="checklist.acknowledged",
            languages=sorted(version.language for version in versions),
            found=counting.counted(),
        )
