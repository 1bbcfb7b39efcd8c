"""Packets of volunteers: given out, taken back in parts, sent by phones late, twice or at once."""

import datetime
from uuid import uuid4

import pytest

from coalition.campaigns.core.days import site_today
from coalition.campaigns.models import CardMove, CardPacket
from coalition.campaigns.postcards.ledger.actions.deliveries import close_batch
from coalition.campaigns.postcards.ledger.actions.moves import reverse_move
from coalition.campaigns.postcards.ledger.actions.packets import give_packet, take_back_packet, undo_entry
from coalition.campaigns.postcards.ledger.queries import open_packets, overdue, packets_left
from coalition.core.errors import Refused
from coalition.roles import SeatRole
from coalition.workspaces.permissions import NotAllowed
from tests.campaigns.postcards_ledger.builders import Cards, cards, handed_back, numbers, packet_of, stocks
from tests.campaigns.postcards_ledger.test_moves import refused

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def back(made: Cards, packet: CardPacket, *, left_seen: int | None = None, client_id=None, **counts: int):
    return {
        "access": made.access,
        "packet": packet,
        "quantities": handed_back(**counts),
        "day": site_today(),
        "left_seen": left_seen,
        "client_id": client_id,
    }


def test_a_packet_is_given_out_and_numbered_in_its_batch():
    made = cards()
    batch, other = made.printed(), made.printed(number=2)
    labels = [made.packet(one, 10).label for one in (batch, batch, other)]
    assert labels == ["1-1", "1-2", "2-1"]
    assert stocks(batch) == {"stock": 480, "out": 20}


def test_more_handed_out_than_there_is():
    made = cards()
    batch = made.printed(99)
    assert refused(give_packet, **packet_of(made.access, batch)) == "Not enough cards in stock: there are 99."
    assert not CardPacket.objects.exists()


@pytest.mark.parametrize("days", [-1, 367])
def test_days_on_which_no_packet_is_due(days):
    made = cards()
    given = packet_of(made.access, made.printed(), due_on=site_today() + days * DAY)
    assert "within a year" in refused(give_packet, **given)


def test_what_is_missing_stays_open_and_the_last_card_closes_the_packet():
    made = cards()
    batch = made.printed()
    packet = made.packet(batch, mark="green dot")
    made.take_back_packet(packet, filled=60, blank=37)
    packet.refresh_from_db()
    assert packets_left([packet.pk]) == {packet.pk: 3}
    assert (packet.closed_at, packet.mark) == (None, "green dot")
    made.take_back_packet(packet, lost=3)
    packet.refresh_from_db()
    assert packet.closed_at is not None
    assert packet.mark == ""
    assert stocks(batch) == {"stock": 437, "collected": 60, "lost": 3}


def test_a_reversal_opens_the_packet_again():
    made = cards()
    packet = made.packet(made.printed())
    made.take_back_packet(packet, posted=100)
    reverse_move(access=made.access, move=CardMove.objects.get(kind="posted"))
    packet.refresh_from_db()
    assert packet.closed_at is None
    assert packets_left([packet.pk]) == {packet.pk: 100}


def test_all_of_a_hand_back_or_none_of_it():
    made = cards()
    batch = made.printed()
    packet = made.packet(batch)
    made.packet(batch)
    words = refused(take_back_packet, **back(made, packet, filled=90, blank=11))
    assert words == "Of packet 1-1 only 100 cards are not accounted for."
    assert refused(take_back_packet, **back(made, packet)) == "Enter how many cards came back."
    with pytest.raises(Refused):
        take_back_packet(**back(made, packet, filled=101, blank=-1))
    assert stocks(batch) == {"stock": 300, "out": 200}


def test_one_packet_on_two_phones_without_connection_is_taken_back_once():
    made = cards()
    batch = made.printed()
    packet = made.packet(batch)
    take_back_packet(**back(made, packet, left_seen=100, filled=63, blank=37))
    words = refused(take_back_packet, **back(made, packet, left_seen=100, filled=63, blank=37))
    assert "0 of it are not accounted for now" in words
    assert stocks(batch) == {"stock": 437, "collected": 63}


def test_two_phones_that_would_both_fit_are_still_asked():
    made = cards()
    packet = made.packet(made.printed())
    take_back_packet(**back(made, packet, left_seen=100, filled=30))
    words = refused(take_back_packet, **back(made, packet, left_seen=100, filled=30))
    assert "70 of it are not accounted for now" in words
    take_back_packet(**back(made, packet, left_seen=70, filled=30))
    assert packets_left([packet.pk]) == {packet.pk: 40}


def test_sent_twice_is_entered_once():
    made = cards()
    batch = made.printed()
    mark, entry = uuid4(), uuid4()
    packets = [give_packet(**packet_of(made.access, batch, client_id=mark)) for _twice in range(2)]
    assert packets[0].pk == packets[1].pk
    assert packets[0].uuid == mark
    for _twice in range(2):
        take_back_packet(**back(made, packets[0], client_id=entry, left_seen=100, filled=63, blank=37))
    assert stocks(batch) == {"stock": 437, "collected": 63}
    assert CardMove.objects.count() == 4
    words = refused(give_packet, **packet_of(made.access, made.printed(number=2), client_id=mark))
    assert "another batch" in words


def test_an_identifier_sent_again_with_other_numbers_is_refused():
    made = cards()
    batch = made.printed()
    mark, entry = uuid4(), uuid4()
    given = packet_of(made.access, batch, client_id=mark, mark="green")
    packet = give_packet(**given)
    for other in ({"quantity": 90}, {"due_on": site_today()}, {"mark": "red"}):
        assert "with other values" in refused(give_packet, **{**given, **other})
    returned = back(made, packet, client_id=entry, filled=63, blank=37)
    take_back_packet(**returned)
    for other in (handed_back(filled=60, blank=37), handed_back(filled=63)):
        assert "with other values" in refused(take_back_packet, **{**returned, "quantities": other})
    second = made.packet(batch)
    assert "with other values" in refused(take_back_packet, **{**returned, "packet": second})
    take_back_packet(**returned)
    assert give_packet(**given).pk == packet.pk, "its mark is deleted meanwhile"
    assert stocks(batch) == {"stock": 337, "out": 100, "collected": 63}


def test_an_entry_is_undone_whether_or_not_it_arrived():
    made = cards()
    batch = made.printed()
    mark, entry = uuid4(), uuid4()
    assert undo_entry(access=made.access, entry=entry) == 0
    packet = give_packet(**packet_of(made.access, batch, client_id=mark))
    take_back_packet(**back(made, packet, client_id=entry, filled=60, blank=30))
    assert undo_entry(access=made.access, entry=entry) == 2
    assert undo_entry(access=made.access, entry=entry) == 0
    assert stocks(batch) == {"stock": 400, "out": 100}
    assert undo_entry(access=made.access, entry=mark) == 1
    assert stocks(batch) == {"stock": 500}
    assert give_packet(**packet_of(made.access, batch, client_id=mark)).pk == packet.pk
    assert stocks(batch) == {"stock": 500}
    totals = numbers(batch).totals
    assert (totals.handed_out, totals.returned, totals.collected) == (0, 0, 0)


def test_nobody_undoes_what_somebody_else_entered():
    made = cards()
    mark = uuid4()
    give_packet(**packet_of(made.access, made.printed(), client_id=mark))
    editor = made.other(SeatRole.EDITOR)
    assert refused(undo_entry, access=editor, entry=mark) == "Somebody else entered this."


def test_packets_of_other_organisations_and_of_closed_batches():
    made = cards()
    batch = made.printed()
    packet = made.packet(batch)
    contributor = made.other()
    with pytest.raises(NotAllowed):
        give_packet(**packet_of(contributor, batch))
    with pytest.raises(NotAllowed):
        take_back_packet(**{**back(made, packet, filled=1), "access": contributor})
    close_batch(access=made.access, batch=batch)
    assert "is closed" in refused(take_back_packet, **back(made, packet, filled=1))
    assert "is closed" in refused(give_packet, **packet_of(made.access, batch))


def test_overdue_packets_come_first():
    made = cards()
    batch = made.printed()
    late = made.packet(batch, due_on=site_today() + DAY)
    soon, today = made.packet(batch, due_on=site_today() + 2 * DAY), made.packet(batch, due_on=site_today())
    CardPacket.objects.filter(pk=late.pk).update(due_on=site_today() - DAY)
    assert list(open_packets(made.design)) == [late, today, soon]
    assert list(overdue(open_packets(made.design))) == [late]
