"""An embargo access lasts no longer than somebody of its organisation answers for it."""

import pytest

from coalition.accounts.actions.memberships import give_office
from coalition.accounts.models import Membership, MembershipRole, OfficeKind, Organisation
from coalition.core.clock import now
from documents.drafts.access import NoSuchLink
from documents.drafts.models import EmbargoAct
from documents.publication.embargo.actions import use_embargo
from tests.documents.approval.builders import stage
from tests.documents.publication.embargo.builders import reader, scheduled
from tests.factories import FreezeFactory, MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]


def test_the_accesses_of_a_frozen_organisation_end():
    made = stage()
    publication = scheduled(made)
    _access, token = reader(made, publication)
    FreezeFactory(organisation=made.organisations[0], frozen_at=now())
    with pytest.raises(NoSuchLink):
        use_embargo(token=token, act=EmbargoAct.READ)


def test_the_accesses_of_an_organisation_that_left_end():
    made = stage()
    _access, token = reader(made, scheduled(made))
    Organisation.objects.filter(pk=made.organisations[0].pk).update(left_at=now())
    with pytest.raises(NoSuchLink):
        use_embargo(token=token, act=EmbargoAct.READ)


@pytest.mark.parametrize("stays", ["maker", "representative", "press officer", "nobody"])
def test_an_access_needs_somebody_who_answers_for_it(stays):
    made = stage()
    own = made.organisations[0]
    _access, token = reader(made, scheduled(made))
    Membership.objects.filter(organisation=own).exclude(person=made.coordinator).update(ended_at=now())
    Membership.objects.filter(organisation=own).update(role=MembershipRole.MEMBER)
    assert use_embargo(token=token, act=EmbargoAct.READ)
    if stays != "maker":
        Membership.objects.filter(organisation=own).update(ended_at=now())
    if stays in {"representative", "press officer"}:
        role = MembershipRole.REPRESENTATIVE if stays == "representative" else MembershipRole.MEMBER
        other = MembershipFactory(organisation=own, role=role).person
        if stays == "press officer":
            give_office(by=None, person=other, kind=OfficeKind.PRESS_OFFICER, organisation=own)
    if stays == "nobody":
        with pytest.raises(NoSuchLink):
            use_embargo(token=token, act=EmbargoAct.READ)
    else:
        assert use_embargo(token=token, act=EmbargoAct.READ)
