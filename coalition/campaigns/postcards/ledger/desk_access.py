"""How pages of the ledger reach a design or a batch, and what all of them show."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from coalition.campaigns.postcards.ledger.permissions import ONLY_MEMBERS, may_see_ledger
from coalition.campaigns.postcards.models import Batch, CardDesign
from coalition.workspaces.access import get_access
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that


def design_of(request: HttpRequest, design: UUID) -> tuple[Access, CardDesign]:
    """Return the person's access to the design's workspace, and the design. Raises Http404 for everyone who
    has no seat there, NotAllowed for who does not see drafts."""
    rows = CardDesign.objects.select_related("workspace", "publication", "recipient_body", "recipient_target")
    found = get_object_or_404(rows.prefetch_related("publication__texts__version"), uuid=design)
    access = get_access(request, found.workspace.uuid)
    require_that(may_see_ledger(access), ONLY_MEMBERS)
    return access, found


def batch_of(request: HttpRequest, batch: UUID) -> tuple[Access, Batch]:
    """Return the person's access and the batch, with its design. Raises as `design_of` does."""
    rows = Batch.objects.select_related(
        "design__workspace", "design__publication", "organisation", "referral"
    )
    found = rows.prefetch_related("design__publication__texts__version").filter(uuid=batch).first()
    if found is None:
        raise Http404
    access = get_access(request, found.design.workspace.uuid)
    require_that(may_see_ledger(access), ONLY_MEMBERS)
    return access, found


def desk_context(access: Access, design: CardDesign, **more: object) -> dict[str, Any]:
    """Return what every page of the ledger shows."""
    title = design.publication.title
    return {"access": access, "workspace": access.workspace, "design": design, "title": title, **more}
