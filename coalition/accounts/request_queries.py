"""Lists of requests for membership: the only place where they come from."""

from typing import TYPE_CHECKING, TypedDict

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from coalition.accounts.enums import MembershipRole, OrganisationKind, RequestState
from coalition.accounts.models import Membership, MembershipRequest, User, Vouch
from coalition.accounts.queries import active_memberships

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Vouched(TypedDict):
    """How many organisations vouch."""

    vouch_count: int


type RequestVouched = WithAnnotations[MembershipRequest, Vouched]

NEEDED = 2  # organisations that vouch


def requests_with_vouches() -> QuerySet[RequestVouched]:
    """Confirmed requests, newest first, with `vouch_count`: for the secretariat."""
    rows = MembershipRequest.objects.exclude(state=RequestState.UNCONFIRMED)
    return rows.annotate(vouch_count=Count("vouches")).order_by("-pk")


def open_requests() -> QuerySet[RequestVouched]:
    """Requests that wait to be vouched for or decided."""
    return requests_with_vouches().filter(state=RequestState.OPEN)


def vouching_memberships(user: User) -> QuerySet[Membership]:
    """For which organisations the person may vouch: its representatives; a media partner only watches."""
    rows = active_memberships(user).filter(role=MembershipRole.REPRESENTATIVE)
    return rows.exclude(organisation__kind=OrganisationKind.MEDIA_PARTNER).select_related("organisation")


def unvouched(user: User) -> QuerySet[MembershipRequest]:
    """Open requests that lack a voucher and for which neither the person vouches nor their organisations;
    none for who cannot vouch."""
    speaks = vouching_memberships(user)
    enough = MembershipRequest.objects.annotate(count=Count("vouches")).filter(count__gte=NEEDED)
    own = Vouch.objects.filter(request=OuterRef("pk")).filter(
        Q(organisation__in=speaks.values("organisation")) | Q(person=user)
    )
    rows = MembershipRequest.objects.filter(Exists(speaks), ~Exists(own), state=RequestState.OPEN)
    return rows.exclude(pk__in=enough.values("pk"))


def request_of_token(token_hash: str) -> MembershipRequest | None:
    """The request that waits for its link to be pressed."""
    rows = MembershipRequest.objects.filter(token_hash=token_hash, state=RequestState.UNCONFIRMED)
    return rows.first()
