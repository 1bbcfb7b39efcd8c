"""Designs of cards and their batches: the only place where these lists come from."""

from uuid import UUID

from django.db.models import Count, Prefetch, QuerySet, Sum

from coalition.campaigns.postcards.models import Batch, CardDesign
from coalition.campaigns.recipients.models import Body, Target
from coalition.roles import Right
from coalition.workspaces.models import Workspace
from coalition.workspaces.queries import workspaces_for
from documents.publication.models import Publication, PublicationText


def designs_with_parts() -> QuerySet[CardDesign]:
    """All designs with what titles, `stop_reason` and layouts need. Three queries."""
    texts = PublicationText.objects.select_related("version").order_by("id")
    publications = Publication.objects.select_related("draft", "replaced_by", "taken_off")
    with_texts = publications.prefetch_related(Prefetch("texts", queryset=texts))
    rows = CardDesign.objects.select_related(
        "workspace", "organisation", "front_picture", "recipient_body", "recipient_target__body"
    )
    return rows.prefetch_related(Prefetch("publication", queryset=with_texts))


def designs_for(user: object, workspace: Workspace | None = None) -> QuerySet[CardDesign]:
    """Designs of workspaces in which the person sees drafts, newest first, with the number of their batches
    (`batch_count`) and of the cards that were ordered (`ordered`)."""
    rows = designs_with_parts().filter(workspace__in=workspaces_for(user, Right.SEE_DRAFTS))
    rows = rows.annotate(batch_count=Count("batches"), ordered=Sum("batches__quantity", default=0))
    rows = rows.order_by("-pk")
    return rows.filter(workspace=workspace) if workspace is not None else rows


def batches_of(design: CardDesign) -> QuerySet[Batch]:
    """The batches of a design by number, with organisation and code."""
    rows = Batch.objects.filter(design=design).select_related("organisation", "referral")
    return rows.order_by("number")


def open_batches_of(design: CardDesign) -> QuerySet[Batch]:
    """Those that are not closed."""
    return batches_of(design).filter(closed_at=None)


def counts_in(workspace: Workspace) -> tuple[int, int, int]:
    """How many designs and batches a workspace has, and how many cards were ordered. One query."""
    rows = CardDesign.objects.filter(workspace=workspace).aggregate(
        designs=Count("pk", distinct=True),
        batch_count=Count("batches"),
        ordered=Sum("batches__quantity", default=0),
    )
    return rows["designs"], rows["batch_count"], rows["ordered"]


def public_designs() -> QuerySet[CardDesign]:
    """Designs whose numbers everybody sees, newest first."""
    return designs_with_parts().filter(published_at__isnull=False)


def public_designs_of_appeal(appeal: UUID, action: str) -> list[int]:
    """Primary keys of published designs whose code leads to this appeal. One query."""
    rows = CardDesign.objects.filter(published_at__isnull=False, action=action, target=appeal)
    return list(rows.values_list("pk", flat=True))


def bodies_to_choose(workspace: Workspace) -> QuerySet[Body]:
    """Bodies of a workspace, with those of their people who are in office (`in_office`). Two queries."""
    people = Target.objects.filter(gone_on=None).order_by("id")
    rows = Body.objects.filter(workspace=workspace, archived_at=None)
    return rows.prefetch_related(Prefetch("targets", queryset=people, to_attr="in_office"))
