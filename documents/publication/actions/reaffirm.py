"""What is decided about a public text whose rule held no more: here, that it stands. The other answers are
`withdraw` and a correction (`publish`)."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.core.errors import Refused
from coalition.workspaces.rules import Access
from documents.approval.audit import keep
from documents.drafts.enums import PublicationState
from documents.drafts.models import Draft
from documents.drafts.permissions import may_withdraw, require_that
from documents.publication.models.publication import Publication
from documents.publication.signatories import under, why_not


def let_stand(*, access: Access, publication: Publication) -> Publication:
    """Decide that the text stands as it is. Raises NotAllowed without the right, and Refused with the
    sentences of the rule if it does not hold, or if nothing waits for a decision."""
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=publication.draft_id)
        require_that(may_withdraw(access, draft))
        rows = Publication.objects.select_for_update(of=("self",)).select_related("round__draft__workspace")
        locked = rows.get(pk=publication.pk)
        if locked.awaiting_since is None or locked.state != PublicationState.PUBLIC:
            raise Refused(_("Nothing is to be decided about this text."))
        if reasons := why_not(under(locked.round, locked.names.all())):
            raise Refused("%(reasons)s", reasons=" ".join(reasons))
        locked.awaiting_since = None
        locked.save(update_fields=["awaiting_since"])
        keep(
            locked.round,
            action="publication.let_stand",
            kind="let_stand",
            person=access.user,
            organisation=access.organisation,
            role=access.seat.role,
            public=locked,
            publication=str(locked.uuid),
        )
    return locked
