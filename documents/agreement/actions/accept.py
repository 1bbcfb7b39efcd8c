"""An organisation's representative accepts the coalition's agreement."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.access import access_changed
from coalition.accounts.models import Organisation, User
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.domain import activity
from coalition.workspaces.models import Workspace
from coalition.workspaces.rules import NotAllowed
from documents.agreement.models import Acceptance, Agreement
from documents.agreement.queries import current_agreement, people_in, representing, texts_of


def accept_agreement(*, agreement: Agreement, organisation: Organisation, person: User) -> Acceptance:
    """Record that the organisation accepts this edition, with the hashes of its words in each language.

    Its people get into their workspaces from then on. Raises NotAllowed for who does not represent it;
    Refused if a newer edition was named since the page was opened, and if it accepted this one already.
    """
    with transaction.atomic():
        edition = Agreement.objects.select_for_update().get(pk=agreement.pk)
        locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
        if not representing(person, locked):
            raise NotAllowed
        if edition != current_agreement():
            raise Refused(_("Another edition was named since you opened this page. Read it, then decide."))
        if edition.acceptances.filter(organisation=locked).exists():
            raise Refused(_("Your organisation has accepted this edition already."))
        acceptance = Acceptance.objects.create(
            agreement=edition,
            organisation=locked,
            hashes={language: text.hash for language, text in texts_of(edition).items()},
            person=person,
            at=now(),
        )
        _keep(acceptance, person)
        access_changed(people_in(Organisation.objects.filter(pk=locked.pk)))
    return acceptance


def _keep(acceptance: Acceptance, person: User) -> None:
    organisation, edition = acceptance.organisation, acceptance.agreement
    log.record(
        "agreement.accepted",
        actor=person,
        organisation=organisation.uuid,
        role="representative",
        target_kind="agreement",
        target=edition.uuid,
        number=edition.number,
        hashes=acceptance.hashes,
    )
    for workspace in Workspace.objects.filter(
        participations__organisation=organisation, participations__ended_at=None, archived_at=None
    ):
        activity.note(
            "agreement_accepted",
            workspace=workspace,
            actor=person,
            organisation=organisation,
            needs_drafts=False,
            about=str(organisation.uuid),
            number=edition.number,
        )
