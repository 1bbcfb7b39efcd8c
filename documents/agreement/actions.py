"""The coalition's agreement: named by the secretariat, accepted by representatives; leaving the coalition."""

import datetime
from collections.abc import Collection
from itertools import chain
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext_lazy as _, override

from coalition.accounts.actions.organisations import end_organisation
from coalition.accounts.models import Organisation, User
from coalition.accounts.permissions import is_secretariat, represents
from coalition.accounts.registry import notify_access_changed
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.jobs import scheduler
from coalition.jobs.date_formats import moment_with_time_zone
from coalition.mail import outbox
from coalition.mail.outbox import absolute_url
from coalition.workspaces.actions import activity
from coalition.workspaces.actions.workspaces import end_all_participations
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import NotAllowed
from documents.agreement import queries
from documents.agreement.models import Acceptance, Agreement
from documents.approval.actions.decide import notify_if_publishable
from documents.approval.audit import notify_about_round, push_round
from documents.approval.models import ApprovalRound
from documents.drafts.audit import OnBehalf
from documents.drafts.models import RoundState
from documents.drafts.queries import approvers_by_organisation, coordinators_of
from documents.publication.actions import remove_name
from documents.publication.models import Publication
from documents.publication.queries import names_of_organisation


def accept_agreement(*, agreement: Agreement, organisation: Organisation, person: User) -> Acceptance:
    """Record that the organisation accepts this edition, with the hash of its text per language.

    Unlocks the workspaces for the organisation's people. Raises NotAllowed for anyone who does not
    represent it; Refused if a newer edition was named since the page was opened, or if it has
    already accepted this one.
    """
    with transaction.atomic():
        edition = Agreement.objects.select_for_update().get(pk=agreement.pk)
        locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
        if not represents(person, locked):
            raise NotAllowed
        if edition != queries.current_agreement():
            raise Refused(_("Another edition was named since you opened this page. Read it, then decide."))
        if edition.acceptances.filter(organisation=locked).exists():
            raise Refused(_("Your organisation has accepted this edition already."))
        acceptance = Acceptance.objects.create(
            agreement=edition,
            organisation=locked,
            hashes={language: text.hash for language, text in queries.agreement_texts(edition).items()},
            person=person,
            at=now(),
        )
        log.record_audit(
            "agreement.accepted",
            actor=person,
            organisation=locked.uuid,
            role="representative",
            target_kind="agreement",
            target=edition.uuid,
            number=edition.number,
            hashes=acceptance.hashes,
        )
        for workspace in Workspace.objects.filter(
            participations__organisation=locked, participations__ended_at=None, archived_at=None
        ):
            activity.record_activity(
                "agreement_accepted",
                workspace=workspace,
                actor=person,
                organisation=locked,
                needs_drafts=False,
                about=str(locked.uuid),
                number=edition.number,
            )
        notify_access_changed(queries.people_in(Organisation.objects.filter(pk=locked.pk)))
    return acceptance


def leave_coalition(
    *, organisation: Organisation, person: User, drop: Collection[Publication] = ()
) -> Organisation:
    """Record that the organisation leaves the coalition: nobody acts in its name from now on.

    `drop`: past texts from which its name is withdrawn; it stays on all others, as approved. It is no longer
    asked in open rounds, and the deciders there are notified. Runs in one transaction. Raises NotAllowed for
    anyone but a representative; Refused if it has already left, and as `remove_name` does.
    """
    if not represents(person, organisation):
        raise NotAllowed
    with transaction.atomic():
        wanted = {publication.draft_id for publication in drop}
        for name in names_of_organisation(organisation):
            if name.publication.draft_id in wanted:
                remove_name(publication=name.publication, organisation=organisation, person=person)
        rows = ApprovalRound.objects.filter(state=RoundState.OPEN, asked__organisation=organisation)
        rounds = list(rows.select_related("draft__workspace"))
        end_all_participations(by=person, organisation=organisation)
        left = end_organisation(by=person, organisation=organisation)
        for round_ in rounds:  # the signatories, and whether the rule is met, may have changed
            others = round_.asked.filter(organisation__left_at=None).values_list("organisation", flat=True)
            deciders = approvers_by_organisation(others, kind=round_.draft.kind).values()
            people = [*coordinators_of(round_.draft), *chain.from_iterable(deciders)]
            once, by = f"{round_.uuid}:{left.uuid}", OnBehalf(None, left)
            notify_about_round(round_, people, kind="asked_left", once=once, by=by)
            push_round(round_)
            notify_if_publishable(round_)
        return left


REQUIRE = "agreement_required"


def set_agreement(
    *,
    by: User,
    publication: Publication,
    asks: bool = True,
    asks_from: datetime.datetime | None = None,
    words: str = "",
) -> Agreement:
    """Name a public text in all languages as the agreement, or as its next edition.

    `asks`: each organisation must accept it before its people get into workspaces, from `asks_from`
    on or at once; its representatives are notified by mail. Otherwise an acceptance of the previous
    edition stays sufficient. Raises NotAllowed for anyone but the secretariat; Refused with a
    reason for a text that cannot be the agreement.
    """
    if not is_secretariat(by):
        raise NotAllowed
    with transaction.atomic():
        list(Agreement.objects.select_for_update().values_list("pk"))
        if not queries.possible_agreements().filter(pk=publication.pk).exists():
            raise Refused(_("The agreement is a text that is public in Kazakh, Russian and English."))
        before = queries.current_agreement()
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
        _record_agreement("agreement.set", by, edition)
        if edition.asks_from is not None:
            for person in queries.representatives_in(queries.organisations_asked(required=False)):
                with override(person.language):
                    since = moment_with_time_zone(edition.asks_from)
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
            if edition.asks_from > now():
                scheduler.schedule(kind=REQUIRE, key=str(edition.uuid), due_at=edition.asks_from)
            else:
                _mark_required(edition)
    return edition


def end_agreement(*, by: User) -> list[Agreement]:
    """End the coalition's agreement: the access check no longer requires one. Acceptances stay on
    record. Raises NotAllowed for anyone but the secretariat, Refused if there is none."""
    if not is_secretariat(by):
        raise NotAllowed
    with transaction.atomic():
        editions = list(queries.open_editions().select_for_update())
        if not editions:
            raise Refused(_("There is no agreement that could be ended."))
        people = queries.people_in(queries.organisations_asked(required=True))
        moment = now()
        for edition in editions:
            edition.ended_at = moment
            edition.save(update_fields=["ended_at"])
            scheduler.cancel(kind=REQUIRE, key=str(edition.uuid))
            _record_agreement("agreement.ended", by, edition)
        notify_access_changed(people)
    return editions


def require_agreement(key: str, _payload: dict[str, Any]) -> None:
    """Run the job due at `asks_from`: the edition is required from now on, on open pages too. Idempotent."""
    with transaction.atomic():
        edition = Agreement.objects.select_for_update().filter(uuid=key, ended_at=None).first()
        if edition is None or edition.is_required or edition.asks_from is None or edition.asks_from > now():
            return
        _mark_required(edition)


def _mark_required(edition: Agreement) -> None:
    edition.is_required = True
    edition.save(update_fields=["is_required"])
    notify_access_changed(queries.people_in(queries.organisations_asked(required=True)))


def _record_agreement(action: str, by: User, edition: Agreement) -> None:
    log.record_audit(
        action,
        actor=by,
        target_kind="agreement",
        target=edition.uuid,
        number=edition.number,
        publication=str(edition.publication.uuid),
        asks_from=edition.asks_from.isoformat() if edition.asks_from else "",
    )
