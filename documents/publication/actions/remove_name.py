"""An organisation's name leaves a public text: at once, without a reason, everywhere we show it."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation, User
from coalition.accounts.rules import represents
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.rules import NotAllowed
from documents.approval.audit import concern
from documents.approval.queries.rounds import coordinators_for
from documents.drafts.enums import PublicationState
from documents.drafts.models import Draft
from documents.publication.embargo.audit import tell_agreed
from documents.publication.models.publication import Publication, PublicationName
from documents.publication.queries.publications import SHOWN
from documents.publication.signatories import under, why_not


def take_name_off(*, publication: Publication, organisation: Organisation, person: User) -> Publication:
    """A representative takes the name of their organisation off a text, in every version that is or was
    public. Raises NotAllowed for everyone else, Refused if the name stands there no more.
    """
    if not represents(person, organisation):
        raise NotAllowed
    return let_go(publication=publication, organisation=organisation, person=person, role="representative")


def let_go(
    *, publication: Publication, organisation: Organisation, person: User | None, role: str
) -> Publication:
    """The same, where the caller has asked the right (an objection, an organisation that leaves).

    One transaction: the moment is written, our copy of the salt deleted, so that nobody can show from our
    data any more that the organisation was there; the commitment stays in the chain. If the rule of the text
    holds no more, it is marked *awaiting decision*. Pages, feeds, sheet and JSON are made from these rows at
    each request and kept by no cache of ours, so they follow with the commit. Raises Refused.
    """
    with transaction.atomic():
        Draft.objects.select_for_update().get(pk=publication.draft_id)  # as `publish` and `withdraw` do
        rows = _lock(publication, organisation)
        if not rows:
            raise Refused(_("The name of this organisation does not stand under this text any more."))
        moment = now()
        PublicationName.objects.filter(pk__in=[row.pk for row in rows]).update(taken_off_at=moment, salt="")
        for row in rows:
            _record(row.publication, organisation, person, role)
            tell_agreed(row.publication, "names_changed", once=moment.isoformat())
        public = _public_one(rows)
        if public is not None:
            _ask_the_rule(public, organisation, person)
    publication.refresh_from_db()
    return publication


def _lock(publication: Publication, organisation: Organisation) -> list[PublicationName]:
    """The organisation's names under this text: also under what it corrected, or was corrected by."""
    publications = Publication.objects.select_for_update().filter(draft=publication.draft_id, state__in=SHOWN)
    pks = list(publications.order_by("pk").values_list("pk", flat=True))
    rows = PublicationName.objects.filter(publication__in=pks, organisation=organisation, taken_off_at=None)
    rows = rows.select_related("publication__round__draft__workspace", "publication__draft")
    return list(rows.order_by("publication__number"))


def _public_one(rows: list[PublicationName]) -> Publication | None:
    """The publication that is read now, if the name stood under it."""
    found = (row.publication for row in rows if row.publication.state == PublicationState.PUBLIC)
    return next((one for one in found if getattr(one, "replaced_by", None) is None), None)


def _ask_the_rule(publication: Publication, organisation: Organisation, person: User | None) -> None:
    """Mark the text if its rule holds no more; tell those who coordinate in either case."""
    stands = not why_not(under(publication.round, publication.names.all()))
    if not stands and publication.awaiting_since is None:
        publication.awaiting_since = now()
        publication.save(update_fields=["awaiting_since"])
    concern(
        publication.round,
        coordinators_for(publication.round),
        kind="name_taken_off" if stands else "awaiting_decision",
        once=f"{publication.uuid}:{organisation.uuid}",
        actor=person,
        organisation=organisation,
        public=publication,
    )


def _record(publication: Publication, organisation: Organisation, person: User | None, role: str) -> None:
    """Who pressed, for the audit log alone: neither reason nor name is told anywhere else."""
    log.record(
        "publication.name_taken_off",
        actor=person,
        organisation=organisation.uuid,
        role=role,
        target_kind="publication",
        target=publication.uuid,
        workspace=publication.round.draft.workspace.uuid,
        publication_number=publication.number,
    )
