"""An organisation's representative accepts the coalition's agreement."""

import datetime
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from coalition.accounts.actions.organisations import end_organisation
from coalition.accounts.models import Organisation, User
from coalition.accounts.permissions import represents
from coalition.accounts.registry import notify_access_changed
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.jobs import scheduler
from coalition.jobs.date_formats import moment_with_time_zone
from coalition.mail import outbox
from coalition.mail.links import absolute_url
from coalition.workspaces.actions import activity
from coalition.workspaces.actions.participation import end_all_participations
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import NotAllowed, is_secretariat
from documents.agreement.models import Acceptance, Agreement
from documents.agreement.queries import (
    current_agreement,
    open_editions,
    organisations_asked,
    people_in,
    possible_agreements,
    representatives_in,
    representing,
    texts_of,
)
from documents.approval import topics as approval_topics
from documents.approval.actions.decide import tell_if_complete
from documents.approval.audit import concern
from documents.approval.models import ApprovalRound
from documents.drafts.deciders import approvers_by_organisation
from documents.drafts.enums import RoundState
from documents.drafts.queries import coordinators_of
from documents.publication.actions.withdraw import take_name_off
from documents.publication.models import Publication
from documents.publication.queries import texts_under_the_name_of


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
        notify_access_changed(people_in(Organisation.objects.filter(pk=locked.pk)))
    return acceptance


def _keep(acceptance: Acceptance, person: User) -> None:
    organisation, edition = acceptance.organisation, acceptance.agreement
    log.record_audit(
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
        activity.record_activity(
            "agreement_accepted",
            workspace=workspace,
            actor=person,
            organisation=organisation,
            needs_drafts=False,
            about=str(organisation.uuid),
            number=edition.number,
        )


# --- leave ---
# An organisation leaves the coalition and says of each past text whether its name stays.


def leave_coalition(
    *, organisation: Organisation, person: User, drop: Collection[Publication] = ()
) -> Organisation:
    """The organisation leaves: nobody acts in its name any more, from this moment on.

    `drop`: past texts from which it takes its name off; under all others it stays, as it approved them.
    In open rounds it is not asked any more, and those who decide there are told. Everything happens in one
    transaction. Raises NotAllowed but for a representative; Refused if it has left,
    and as `take_name_off` does.
    """
    if not represents(person, organisation):
        raise NotAllowed
    with transaction.atomic():
        wanted = {publication.draft_id for publication in drop}
        for name in texts_under_the_name_of(organisation):
            if name.publication.draft_id in wanted:
                take_name_off(publication=name.publication, organisation=organisation, person=person)
        asked = list(_open_rounds(organisation))
        end_all_participations(by=person, organisation=organisation)
        ended = end_organisation(by=person, organisation=organisation)
        for round_ in asked:
            _tell_those_asked(round_, ended)
        return ended


def _open_rounds(organisation: Organisation) -> QuerySet[ApprovalRound]:
    rows = ApprovalRound.objects.filter(state=RoundState.OPEN, asked__organisation=organisation)
    return rows.select_related("draft__workspace")


def _tell_those_asked(round_: ApprovalRound, left: Organisation) -> None:
    """Coordinators, and who decides for the others: whose names stand under it, and whether its rule holds,
    may be another thing now."""
    once = f"{round_.uuid}:{left.uuid}"
    told: dict[str, Any] = {"kind": "asked_left", "once": once, "organisation": left}
    concern(round_, coordinators_of(round_.draft), **told)
    others = round_.asked.filter(organisation__left_at=None).values_list("organisation", flat=True)
    deciding = approvers_by_organisation(others, kind=round_.draft.kind)
    concern(round_, [person for people in deciding.values() for person in people], **told)
    approval_topics.push(round_)
    tell_if_complete(round_)


# --- publish ---
# The secretariat names the coalition's agreement; from a moment on it is asked for at the door.


REQUIRE = "agreement_required"


def set_agreement(
    *,
    by: User,
    publication: Publication,
    asks: bool = True,
    asks_from: datetime.datetime | None = None,
    words: str = "",
) -> Agreement:
    """Name a public text in all languages as the agreement, or its next edition.

    `asks`: each organisation must accept it before its people get into workspaces, from `asks_from` on or at
    once; their representatives are told by mail. Without it those who accepted the edition before go on.
    Raises NotAllowed but for the secretariat, Refused in words for a text that cannot be the agreement.
    """
    if not is_secretariat(by):
        raise NotAllowed
    with transaction.atomic():
        list(Agreement.objects.select_for_update().values_list("pk"))
        if not possible_agreements().filter(pk=publication.pk).exists():
            raise Refused(_("The agreement is a text that is public in Kazakh, Russian and English."))
        before = current_agreement()
        if before is not None and before.publication_id == publication.pk:
            raise Refused(_("This text is the agreement already."))
        moment = now()
        known = Agreement.objects.aggregate(highest=Max("number"))["highest"] or 0
        edition = Agreement.objects.create(
            number=known + 1,
            publication=publication,
            words=words.strip(),
            asks_from=(asks_from or moment) if asks else None,
            set_by=by,
            set_at=moment,
        )
        _record("agreement.set", by, edition)
        if edition.asks_from is not None:
            _ask(edition)
    return edition


def end_agreement(*, by: User) -> list[Agreement]:
    """The coalition has no agreement here any more: nothing is asked at the door. What was accepted stays
    on record. Raises NotAllowed but for the secretariat, Refused if there is none."""
    if not is_secretariat(by):
        raise NotAllowed
    with transaction.atomic():
        editions = list(open_editions().select_for_update())
        if not editions:
            raise Refused(_("There is no agreement that could be ended."))
        shut_out = people_in(organisations_asked(required=True))
        moment = now()
        for edition in editions:
            edition.ended_at = moment
            edition.save(update_fields=["ended_at"])
            scheduler.cancel(kind=REQUIRE, key=str(edition.uuid))
            _record("agreement.ended", by, edition)
        notify_access_changed(shut_out)
    return editions


def require_agreement(key: str, _payload: dict[str, Any]) -> None:
    """Due at `asks_from`: the edition is asked for at the door from now on; whose organisation has not
    accepted it loses pages and sockets at once. Running it again changes nothing."""
    with transaction.atomic():
        edition = Agreement.objects.select_for_update().filter(uuid=key, ended_at=None).first()
        if edition is None or edition.is_required or edition.asks_from is None or edition.asks_from > now():
            return
        _require(edition)


def _ask(edition: Agreement) -> None:
    _tell_representatives(edition)
    if edition.asks_from is not None and edition.asks_from > now():
        scheduler.schedule(kind=REQUIRE, key=str(edition.uuid), due_at=edition.asks_from)
    else:
        _require(edition)


def _require(edition: Agreement) -> None:
    edition.is_required = True
    edition.save(update_fields=["is_required"])
    notify_access_changed(people_in(organisations_asked(required=True)))


def _tell_representatives(edition: Agreement) -> None:
    for person in representatives_in(organisations_asked(required=False)):
        with override(person.language):
            since = moment_with_time_zone(edition.asks_from) if edition.asks_from else ""
        outbox.queue_mail(
            key=f"agreement:{edition.uuid}:{person.uuid}",
            template="documents/agreement",
            language=person.language,
            person=person.uuid,
            context={
                "name": person.get_short_name(),
                "since": since,
                "button_url": absolute_url(reverse("documents:agreement")),
            },
        )


def _record(action: str, by: User, edition: Agreement) -> None:
    log.record_audit(
        action,
        actor=by,
        target_kind="agreement",
        target=edition.uuid,
        number=edition.number,
        publication=str(edition.publication.uuid),
        asks_from=edition.asks_from.isoformat() if edition.asks_from else "",
    )
