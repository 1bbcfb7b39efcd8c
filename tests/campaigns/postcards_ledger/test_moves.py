"""The ledger: no stock is ever negative, mistakes are undone by reversing entries, and sums are right."""

import datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from coalition.audit.models import AuditEntry
from coalition.campaigns.core.days import site_today
from coalition.campaigns.models import Batch, CardMove
from coalition.campaigns.postcards.ledger.actions.counts import count_cards
from coalition.campaigns.postcards.ledger.actions.deliveries import close_batch
from coalition.campaigns.postcards.ledger.actions.moves import record_lost, record_printed, reverse_move
from coalition.campaigns.postcards.ledger.enums import MoveKind, Stock
from coalition.campaigns.postcards.ledger.queries import numbers_of_batches, totals_of_designs
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.roles import SeatRole
from coalition.workspaces.permissions import NotAllowed, access_to
from tests.campaigns.postcards_ledger.builders import Cards, cards, made_on, moves, numbers, stocks
from tests.factories import seat

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def refused(act, **given) -> str:
    with pytest.raises(Refused) as refusal:
        act(**given)
    return refusal.value.message


def printed(made: Cards, batch: Batch, quantity: int = 500, **given: object) -> dict[str, object]:
    return {"access": made.access, "batch": batch, "quantity": quantity, "day": site_today(), **given}


def test_the_sums_of_a_batch_follow_its_moves():
    made = cards()
    batch = made.printed()
    packet = made.packet(batch)
    assert stocks(batch) == {"stock": 400, "out": 100}
    made.take_back_packet(packet, filled=50, blank=30, posted=7, lost=3)
    record_lost(access=made.access, batch=batch, quantity=4, source=Stock.STOCK, day=site_today())
    record_lost(access=made.access, batch=batch, quantity=2, source=Stock.COLLECTED, day=site_today())
    assert stocks(batch) == {"stock": 426, "out": 10, "collected": 48, "posted": 7, "lost": 9}
    assert sum(stocks(batch).values()) == 500
    totals = numbers(batch).totals
    assert (totals.printed, totals.handed_out, totals.returned) == (500, 100, 30)
    assert (totals.collected, totals.posted, totals.lost) == (50, 7, 9)
    assert totals_of_designs([made.design.pk]) == {made.design.pk: totals}


def test_a_design_without_moves_has_noughts():
    made = cards()
    assert set(vars(totals_of_designs([made.design.pk])[made.design.pk]).values()) == {0}
    assert totals_of_designs([]) == {}


def test_one_query_for_one_batch_and_for_three(django_assert_num_queries):
    made = cards()
    batches = [made.printed(number=number) for number in (1, 2, 3)]
    for found in (batches[:1], batches):
        with django_assert_num_queries(1):
            numbers_of_batches([batch.pk for batch in found])


def test_a_tenth_more_than_ordered_may_be_printed_and_no_card_more():
    made = cards()
    batch = made.batch(quantity=505)
    record_printed(**printed(made, batch, 505))
    record_printed(**printed(made, batch, 50))
    words = refused(record_printed, **printed(made, batch, 1))
    assert words == "505 were ordered. Up to a tenth more may be printed: 555 in all."
    assert stocks(batch) == {"stock": 555}


@pytest.mark.parametrize("quantity", [0, -1, 100_001, 10**12])
def test_numbers_that_cannot_be(quantity):
    made = cards()
    assert "between 1 and" in refused(record_printed, **printed(made, made.batch(), quantity))


def test_no_day_to_come_and_none_before_the_batch_was_made():
    made = cards()
    batch = made.batch()
    future = refused(record_printed, **printed(made, batch, day=site_today() + DAY))
    early = refused(record_printed, **printed(made, batch, day=made_on(batch) - DAY))
    assert future == "This day has not come yet."
    assert early == "The batch was made later than on this day."
    record_printed(**printed(made, batch, day=made_on(batch)))


def test_nothing_is_entered_about_a_closed_batch():
    made = cards()
    batch = made.printed()
    move = CardMove.objects.get()
    close_batch(access=made.access, batch=batch)
    close_batch(access=made.access, batch=batch)
    assert "is closed" in refused(record_printed, **printed(made, batch, 1))
    assert "is closed" in refused(reverse_move, access=made.access, move=move)
    batch.referral.refresh_from_db()
    assert batch.referral.ended_at is not None
    assert AuditEntry.objects.filter(action="postcard_ledger.batch_closed").count() == 1


def test_more_lost_than_there_is():
    made = cards()
    batch = made.printed(10)
    words = refused(
        record_lost, access=made.access, batch=batch, quantity=11, source=Stock.STOCK, day=site_today()
    )
    assert words == "Not enough cards in stock: there are 10."
    assert stocks(batch) == {"stock": 10}


def test_a_mistake_is_undone_once_and_both_moves_stay():
    made = cards()
    batch = made.printed()
    record_lost(access=made.access, batch=batch, quantity=20, source=Stock.STOCK, day=site_today())
    move = CardMove.objects.get(kind=MoveKind.LOST)
    counter = reverse_move(access=made.access, move=move, note="found in a drawer")
    assert stocks(batch) == {"stock": 500}
    assert numbers(batch).totals.lost == 0
    assert moves(batch) == [("printed", 500), ("lost", 20), ("lost", 20)]
    assert "undone already" in refused(reverse_move, access=made.access, move=move)
    assert "cannot be undone" in refused(reverse_move, access=made.access, move=counter)


def test_what_has_moved_on_is_not_undone():
    made = cards()
    batch = made.printed(100)
    made.packet(batch, 60)
    words = refused(reverse_move, access=made.access, move=CardMove.objects.get(kind=MoveKind.PRINTED))
    assert words == "Not enough cards in stock: there are 40."
    assert stocks(batch) == {"stock": 40, "out": 60}


def test_a_count_by_two_is_not_undone_nor_what_it_rests_on():
    made = cards()
    batch = made.counted()
    counted = CardMove.objects.get(kind=MoveKind.COUNTED)
    collected = CardMove.objects.get(kind=MoveKind.COLLECTED)
    assert "Two people have counted this" in refused(reverse_move, access=made.access, move=counted)
    assert "there are 0" in refused(reverse_move, access=made.access, move=collected)
    assert stocks(batch) == {"stock": 437, "counted": 63}


def test_the_same_identifier_twice_is_one_move_also_after_closing():
    made = cards()
    batch = made.batch()
    mark = uuid4()
    first = record_printed(**printed(made, batch, client_id=mark))
    close_batch(access=made.access, batch=batch)
    assert record_printed(**printed(made, batch, client_id=mark)).pk == first.pk
    assert "another batch" in refused(record_printed, **printed(made, made.batch(2), client_id=mark))
    assert CardMove.objects.count() == 1


def test_the_same_identifier_with_other_values_is_refused():
    made = cards()
    batch = made.batch()
    given = printed(made, batch, client_id=uuid4(), note="first run")
    record_printed(**given)
    for other in ({"quantity": 499}, {"day": made_on(batch)}, {"note": ""}):
        assert "with other values" in refused(record_printed, **{**given, **other})
    assert "with other values" in refused(record_lost, **{**given, "source": Stock.STOCK})
    assert moves(batch) == [("printed", 500)]


def test_contributors_enter_cards_of_their_own_organisation_and_editors_of_all():
    made = cards()
    batch = made.batch()
    contributor = made.other()
    own = made.batch(2, organisation=contributor.organisation)
    with pytest.raises(NotAllowed):
        record_printed(**printed(made, batch, access=contributor))
    record_printed(**printed(made, own, access=contributor))
    record_printed(**printed(made, batch, access=made.other(SeatRole.EDITOR)))
    with pytest.raises(NotAllowed):
        close_batch(access=contributor, batch=own)


def test_nobody_enters_from_another_workspace_or_in_an_archived_one():
    made = cards()
    elsewhere = seat(role=SeatRole.COORDINATOR)
    batch = made.batch()
    with pytest.raises(NotAllowed):
        record_printed(**printed(made, batch, access=access_to(elsewhere.person, elsewhere.workspace.uuid)))
    made.made.workspace.archived_at = now()
    made.made.workspace.save()
    with pytest.raises(NotAllowed):
        record_printed(**printed(made, batch))


def test_the_database_refuses_what_cannot_be():
    made = cards()
    batch = made.printed()
    row = CardMove.objects.get()
    wrong = [
        {"quantity": 0},
        {"source": "stock"},
        {"kind": "counted"},
        {"kind": "delivered"},
        {"destination": "out"},
    ]
    for change in wrong:
        row.pk, row.uuid, row.client_id = None, uuid4(), uuid4()
        for name, value in change.items():
            setattr(row, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)
        row = CardMove.objects.get()
    assert stocks(batch) == {"stock": 500}


def test_every_entry_is_in_the_audit_log():
    made = cards()
    made.counted()
    found = list(AuditEntry.objects.order_by("id").values_list("action", flat=True))
    assert [one for one in found if one.startswith("postcard_ledger.")] == [
        "postcard_ledger.moved",
        "postcard_ledger.packet_given",
        "postcard_ledger.packet_taken_back",
        "postcard_ledger.counted",
        "postcard_ledger.counted",
        "postcard_ledger.count_settled",
    ]


def test_a_count_does_not_raise_numbers_before_it_is_settled():
    made = cards()
    batch = made.collected()
    count_cards(access=made.access, batch=batch, number=1, count=63)
    assert stocks(batch) == {"stock": 437, "collected": 63}
