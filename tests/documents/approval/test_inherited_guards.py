"""What holds all the same where approvals are carried over: names, marks, the legal read."""

import pytest

from coalition.accounts.models import Listing
from coalition.core.errors import Refused
from documents.drafts.models import CellState, Handling
from documents.models import Asked, Draft, PublicationName
from documents.publication.actions import publish_approved
from tests.documents.approval.builders import Stage, stage
from tests.documents.approval.inherited_builders import another, framed, put_framed, states, versions_put
from tests.factories import ParticipationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]


def test_nobody_is_named_more_openly_than_where_it_approved():
    made = stage()
    hidden = made.organisations[1]
    round_ = made.put("kk", listings={hidden.uuid: Listing.WITHHELD})
    made.approve_all(round_)
    letter, again = put_framed(made, round_)
    assert Asked.objects.get(round=again, organisation=hidden).listing == Listing.WITHHELD
    publication = publish_approved(access=letter.access, round_=again)
    assert PublicationName.objects.get(publication=publication, organisation=hidden).listing == (
        Listing.WITHHELD
    )


def test_words_for_fewer_people_carry_nothing(source):
    made, round_ = source
    Draft.objects.filter(pk=made.draft.pk).update(handling=Handling.ORGANISATION)
    _letter, again = put_framed(made, round_)
    assert states(again) == [CellState.NOT_OPENED] * 2


def elsewhere(made):
    """A workspace of its own in which the same organisations take part."""
    other = stage(1)
    for organisation in made.organisations:
        ParticipationFactory(workspace=other.workspace, organisation=organisation)
    people = {**other.representatives, **made.representatives}
    return Stage(other.workspace, other.coordinator, other.draft, list(made.organisations), people)


def test_in_another_workspace_only_public_names_under_public_words_count():
    made = stage(3)
    secret = made.organisations[2]
    round_ = made.put("kk", listings={secret.uuid: Listing.WITHHELD})
    made.approve_all(round_)
    other = elsewhere(made)
    before = another(other)
    version = framed(before, [versions_put(round_)["kk"]])
    assert states(before.put(versions=[version])) == [CellState.NOT_OPENED] * 3, "not public yet"
    publish_approved(access=made.access, round_=round_)
    again = other.put(versions=[framed(other, [versions_put(round_)["kk"]])])
    assert states(again) == [CellState.APPROVED] * 2 + [CellState.NOT_OPENED], "nobody sees who stands there"
    own = another(made)
    here = own.put(versions=[framed(own, [versions_put(round_)["kk"]])])
    assert states(here) == [CellState.APPROVED] * 3, "who reads this reads the round it comes from"
    assert Asked.objects.get(round=here, organisation=secret).listing == Listing.WITHHELD


def test_who_was_withheld_where_it_approved_stays_so_though_it_is_public_since():
    made = stage(2)
    hidden = made.organisations[1]
    type(hidden).objects.filter(pk=hidden.pk).update(listing=Listing.WITHHELD)
    publication = made.publish("kk")
    type(hidden).objects.filter(pk=hidden.pk).update(listing=Listing.PUBLIC)
    _letter, again = put_framed(made, publication.round)
    assert states(again) == [CellState.APPROVED] * 2
    assert Asked.objects.get(round=again, organisation=hidden).listing == Listing.WITHHELD


def test_a_lawyer_reads_what_is_said_again_too(source):
    made, round_ = source
    letter = another(made)
    version = framed(letter, [versions_put(round_)["kk"]])
    Draft.objects.filter(pk=letter.draft.pk).update(needs_lawyer=True)
    with pytest.raises(Refused, match="lawyer"):
        letter.put(versions=[version])
