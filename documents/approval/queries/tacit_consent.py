"""Whose silence after notice can mean anything: who was told and could answer, all of the time."""

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from coalition.accounts.enums import MembershipRole
from coalition.accounts.models import Freeze, Membership
from coalition.accounts.queries import active_memberships
from coalition.workspaces.models import Participation
from documents.drafts.enums import RoundState, Way
from documents.publication.models import PublicationName

DECIDES = [MembershipRole.REPRESENTATIVE, MembershipRole.ALTERNATE]


def could_answer() -> ExpressionWrapper[Q]:
    """Of an organisation asked: through the whole notice, from when it was told of the words put until the
    deadline, one representative or alternate was there, it took part, and it was frozen at no moment.

    Where that was interrupted, by a freeze or a change of the only representative, the notice does not begin
    anew by itself: its silence says nothing in this round, until newer words are put and it is told of these.
    Of a published round: whether it was named by its silence.
    """
    deadline = OuterRef("round__deadline")
    through = {"started_at__lte": OuterRef("told_at")}
    still = Q(ended_at=None) | Q(ended_at__gte=deadline)
    there = Membership.objects.filter(
        still, organisation=OuterRef("organisation"), role__in=DECIDES, person__is_active=True, **through
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
    """Of an organisation asked: somebody who decides for it can answer now."""
    return Exists(active_memberships().filter(organisation=OuterRef("organisation"), role__in=DECIDES))
