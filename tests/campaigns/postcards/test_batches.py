"""Batches are numbered, each with a code of its own; a closed one credits nobody and leads on."""

import datetime

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from coalition.audit.models import AuditEntry
from coalition.campaigns.models import Batch, ReferralCode
from coalition.campaigns.postcards.actions import reopen_batch
from coalition.campaigns.postcards.ledger.actions.deliveries import close_batch
from coalition.campaigns.referrals.actions import make_batch_codes
from coalition.campaigns.referrals.enums import Medium
from coalition.campaigns.referrals.queries import creditable_code
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.roles import SeatRole
from coalition.workspaces.models import Participation
from coalition.workspaces.permissions import NotAllowed
from tests.campaigns.postcards.builders import design_of, publish_words
from tests.factories import FreezeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]


def test_ten_batches_of_five_hundred_are_shared_out_in_turn(here):
    other = here.partner()
    made = here.batches(10, 500, here.organisation, other, region="KZ-75")
    assert [one.number for one in made] == list(range(1, 11))
    assert {one.quantity for one in made} == {500}
    assert [one.organisation for one in made] == [here.organisation, other] * 5
    codes = ReferralCode.objects.filter(medium=Medium.BATCH)
    assert codes.count() == 10
    for batch in made:
        code = batch.referral
        assert (code.organisation, code.action, code.target) == (
            batch.organisation,
            "appeal",
            here.appeal.uuid,
        )
        assert code.label == f"№ {batch.number}, {here.design.slug}"
    entry = AuditEntry.objects.get(action="card_design.batches_made")
    assert entry.detail == {"first": 1, "n": 10, "quantity": 500}
    assert AuditEntry.objects.get(action="referral.made_for_batches").detail["n"] == 10
    assert [one.number for one in here.batches(2)] == [11, 12]


def test_as_many_queries_for_one_batch_as_for_twenty(here):
    def queries(count: int) -> int:
        with CaptureQueriesContext(connection) as found:
            here.batches(count, 10)
        return len(found)

    queries(1)
    assert queries(1) == queries(20)


@pytest.mark.parametrize("quantity", [0, -1, 100_001])
def test_a_batch_has_between_one_and_a_hundred_thousand_cards(here, quantity):
    with pytest.raises(Refused, match="between 1 and 100\u00a0000 cards"):
        here.batches(1, quantity)
    assert not Batch.objects.exists()
    assert not ReferralCode.objects.exists()


def test_the_database_takes_no_batch_without_cards(here):
    [batch] = here.batches()
    with pytest.raises(IntegrityError), transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(quantity=0)


@pytest.mark.parametrize("count", [0, 101])
def test_so_many_batches_are_not_made_at_once(here, count):
    with pytest.raises(Refused, match="between 1 and 100 batches"):
        here.batches(count)


def test_an_unknown_region_and_no_organisation_are_refused(here):
    with pytest.raises(Refused, match="region is not known"):
        here.batches(region="KZ-00")


def test_an_organisation_that_left_or_is_frozen_gets_no_batch(here):
    gone, frozen = here.partner(), here.partner()
    Participation.objects.filter(organisation=gone).update(ended_at=now())
    FreezeFactory(organisation=frozen, frozen_at=now())
    for organisation in (gone, frozen):
        with pytest.raises(Refused, match="does not take part now"):
            here.batches(2, 500, here.organisation, organisation)
    assert not Batch.objects.exists()


def test_nothing_is_ordered_once_what_the_code_leads_to_is_gone(here):
    type(here.appeal).objects.filter(pk=here.appeal.pk).update(opened_at=None)
    with pytest.raises(Refused, match="not public any more"):
        here.batches()


def test_two_designs_for_one_appeal_have_batches_with_one_number(here):
    here.batches(2)
    short = publish_words(here.made, {"kk": "Short"})
    here.design = design_of(here.made, here.appeal, short, slug="other", languages=["kk"])
    assert [one.number for one in here.batches(2)] == [1, 2]


def test_only_coordinators_make_codes_of_batches(here):
    editor = here.seated(SeatRole.EDITOR)
    given = {"action": "appeal", "target": here.appeal.uuid}
    with pytest.raises(NotAllowed):
        make_batch_codes(access=editor, batches=[(editor.organisation, "№ 1")], **given)
    pair = (here.organisation, "№ 1")
    make_batch_codes(access=here.access, batches=[pair], **given)
    for twice in ([pair], [(here.organisation, "№ 2")] * 2):
        with pytest.raises(Refused, match="with this label"):
            make_batch_codes(access=here.access, batches=twice, **given)


def test_a_closed_batch_credits_nobody_and_its_code_leads_on_for_ten_years(here, client):
    [batch] = here.batches()
    code = batch.referral.code
    assert creditable_code(code, here.appeal.uuid) is not None
    assert f"/from/{code}/" in client.get(f"/q/{code}", headers={"accept-language": "kk"}).url
    close_batch(access=here.access, batch=batch)
    assert creditable_code(code, here.appeal.uuid) is None
    for letter in ("q", "Q"):
        answer = client.get(f"/{letter}/{code}", headers={"accept-language": "kk"})
        assert answer.status_code == 302
        assert answer.url == f"/kk/support/{here.appeal.slug}/"
    with time_machine.travel(now() + datetime.timedelta(days=9 * 365), tick=False):
        assert client.get(f"/Q/{code}").status_code == 302


def test_closing_twice_is_one_and_can_be_taken_back(here):
    [batch] = here.batches()
    close_batch(access=here.access, batch=batch)
    close_batch(access=here.access, batch=batch)
    assert AuditEntry.objects.filter(action="postcard_ledger.batch_closed").count() == 1
    again = reopen_batch(access=here.access, batch=batch)
    assert again.closed_at is None
    assert creditable_code(batch.referral.code, here.appeal.uuid) is not None
    reopen_batch(access=here.access, batch=again)
    assert AuditEntry.objects.filter(action="card_design.batch_reopened").count() == 1


def test_only_coordinators_close_a_batch(here):
    [batch] = here.batches()
    editor = here.seated(SeatRole.EDITOR, organisation=here.organisation)
    for act in (close_batch, reopen_batch):
        with pytest.raises(NotAllowed):
            act(access=editor, batch=batch)
