"""Organisations eligible for tacit consent."""

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from coalition.accounts.enums import MembershipRole
from coalition.accounts.models import Freeze, Membership
from coalition.accounts.queries import active_memberships
from coalition.workspaces.models import Participation
from documents.drafts.enums import RoundState, Way
from documents.publication.models import PublicationName

DECIDING_ROLES = [MembershipRole.REPRESENTATIVE, MembershipRole.ALTERNATE]


def could_answer_during_notice() -> ExpressionWrapper[Q]:
    """Return the condition on an organisation asked that it could answer throughout the notice
    period, from its notification of the current versions until the deadline: it had a
    representative or alternate, took part, and was never frozen.

    After an interruption, by a freeze or a change of the only representative, the notice period
    does not restart: its silence does not count in this round, until it is notified of newer
    versions. For a published round: whether it was named by tacit consent.
    """
    deadline = OuterRef("round__deadline")
    through = {"started_at__lte": OuterRef("told_at")}
    still = Q(ended_at=None) | Q(ended_at__gte=deadline)
    there = Membership.objects.filter(
        still,
        organisation=OuterRef("organisation"),
        role__in=DECIDING_ROLES,
        person__is_active=True,
        **through,
    )
    part = Participation.objects.filter(
        still, organisation=OuterRef("organisation"), workspace=OuterRef("round__draft__workspace"), **through
    )
    frozen = Freeze.objects.filter(
        Q(thawed_at=None) | Q(thawed_at__gt=OuterRef("told_at")),
        organisation=OuterRef("organisation"),
        frozen_at__lt=deadline,
    )
    named = PublicationName.objects.filter(
        publication__round=OuterRef("round"), organisation=OuterRef("organisation"), way=Way.NO_OBJECTION
    )
    heard = Q(told_at__isnull=False) & Q(Exists(there)) & Q(Exists(part)) & ~Q(Exists(frozen))
    published = Q(round__state=RoundState.PUBLISHED)
    return ExpressionWrapper(
        (published & Q(Exists(named))) | (~published & heard), output_field=BooleanField()
    )


def may_object() -> Exists:
    """Return the condition on an organisation asked that one of its deciders can answer now."""
    return Exists(active_memberships().filter(organisation=OuterRef("organisation"), role__in=DECIDING_ROLES))
