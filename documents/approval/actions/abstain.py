"""An organisation does not stand under the text: it abstains, or it objects. It owes no reason."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation, User
from coalition.core.errors import Refused
from documents.approval.actions.record_decision import (
    decided_by,
    decider_of,
    lock_open,
    record,
    tell,
    tell_if_complete,
    version_put,
)
from documents.approval.audit import concern
from documents.approval.models.rounds import Approval, ApprovalRound
from documents.approval.queries.rounds import coordinators_for, put_languages
from documents.drafts.enums import DecisionKind


def abstain(
    *,
    round_: ApprovalRound,
    organisation: Organisation,
    hashes: Mapping[str, str],
    person: User,
    reason: str = "",
) -> list[Approval]:
    """Record that the organisation abstains: from every language put (`hashes`: those it was shown).

    Takes the place of what it decided before on these words; it may decide otherwise while the round is open.
    Raises NotAllowed for a person who may not decide for it, Refused if newer words were put meanwhile.
    """
    return _stand_aside(round_, organisation, hashes, person, DecisionKind.ABSTAINS, reason)


def object_to(
    *,
    round_: ApprovalRound,
    organisation: Organisation,
    hashes: Mapping[str, str],
    person: User,
    reason: str = "",
) -> list[Approval]:
    """Record that the organisation is against the text. The coordinators are told. Otherwise as `abstain`."""
    return _stand_aside(round_, organisation, hashes, person, DecisionKind.OBJECTS, reason)


def _stand_aside(
    round_: ApprovalRound,
    organisation: Organisation,
    hashes: Mapping[str, str],
    person: User,
    kind: DecisionKind,
    reason: str,
) -> list[Approval]:
    with transaction.atomic():
        locked = lock_open(round_)
        decider = decider_of(locked, organisation, person)
        if set(hashes) != set(put_languages(locked)):
            raise Refused(_("Languages were put since you opened this page. Read them, then decide."))
        versions = [
            version_put(locked, language, digest, as_it_stands=False)
            for language, digest in sorted(hashes.items())
        ]
        before = decided_by(locked, organisation)
        decisions = [record(decider, version, kind, before, reason.strip()) for version in versions]
        objects = kind == DecisionKind.OBJECTS
        tell(
            decider,
            "approval.objected" if objects else "approval.abstained",
            "objected" if objects else "abstained",
            decisions,
        )
        if objects:
            concern(
                locked,
                coordinators_for(locked),
                kind="objected",
                once=str(decisions[0].uuid),
                actor=person,
                organisation=organisation,
            )
        tell_if_complete(locked)
    return decisions
