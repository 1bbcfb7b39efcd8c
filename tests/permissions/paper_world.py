"""Paper sheets, counts and postcards in the world in which every secret has a word.

Who prints, counts and takes cards belongs to organisations that few know: their names, and those of their
people, are secrets already (`world.py`).
"""

from coalition.accounts.models import Listing
from coalition.campaigns.core.days import site_today
from coalition.campaigns.in_person.actions.prepare import TablePlan, prepare_table
from coalition.campaigns.in_person.counting.actions import close_table, count_sheets, give_count
from coalition.campaigns.in_person.sheets.actions import mark_sheets, print_sheets
from coalition.campaigns.in_person.sheets.enums import SheetState
from coalition.campaigns.models import Batch, Body, CardDelivery, CardDesign, CardMove, Table
from coalition.campaigns.postcards.actions import create_design, make_batches, publish_design
from coalition.campaigns.postcards.ledger.actions.counts import count_cards
from coalition.campaigns.postcards.ledger.actions.deliveries import deliver_cards, take_back_delivery
from coalition.campaigns.postcards.ledger.actions.moves import record_lost, record_printed
from coalition.campaigns.postcards.ledger.actions.packets import give_packet, take_back_packet
from coalition.campaigns.postcards.ledger.enums import MoveKind, Stock
from coalition.campaigns.referrals.targets import APPEAL
from coalition.core.clock import now
from coalition.roles import SeatRole
from coalition.workspaces.actions.seats import change_seat_role
from coalition.workspaces.models import Seat
from coalition.workspaces.permissions import Access, access_to
from documents.models import StoredFile
from tests.permissions.actions_world import ALMATY, SLUG, Actions
from tests.permissions.world import EVERYONE, READERS, World

UNNAMED = (Listing.WITHHELD.value, Listing.CONFIDENTIAL.value)
OWN_BATCH = frozenset({"contributor", "editor", "coordinator", "admitted"})  # who enter cards of the lead's
ALL_BATCHES = OWN_BATCH - {"contributor"}


def add_paper(actions: Actions) -> None:
    """After letters and asks: cards go to the same bodies."""
    people = [actions.made.people[name] for name in UNNAMED]
    for seat in Seat.objects.filter(person__in=people, workspace=actions.made.workspace):
        change_seat_role(access=actions.access, seat=seat, role=SeatRole.CONTRIBUTOR)  # they count
    _sheets(actions)
    _closed_table(actions)
    _cards(actions)


def _access(made: World, name: str) -> Access:
    return access_to(made.people[name], made.workspace.uuid)


def _sheets(actions: Actions) -> None:
    """Of the confidential organisation; its person and the withheld one's counted, and not the same."""
    made = actions.made
    by = _access(made, "confidential")
    run = print_sheets(access=by, appeal=actions.appeal, region=ALMATY, language="kk", quantity=2)
    numbers = [run.first_number, run.last_number]
    mark_sheets(access=by, appeal=actions.appeal, numbers=numbers, state=SheetState.RETURNED)
    tally = count_sheets(access=by, appeal=actions.appeal, numbers=numbers, count=11)
    give_count(access=_access(made, "withheld"), tally=tally, count=12)
    made.things["sheets"] = {"workspace": made.workspace.uuid, "run": run.uuid}
    made.things["counted_sheets"] = {"tally": tally.uuid}


def _closed_table(actions: Actions) -> None:
    """Of the confidential organisation, whose person counted; a second person is waited for."""
    made = actions.made
    by = _access(made, "confidential")
    plan = TablePlan(
        appeal=actions.appeal,
        organisation=by.organisation,
        region=ALMATY,
        place=made.canary("closedtable", "place", READERS),
        day=site_today(),
        permission_by=made.canary("closedtable", "owner", READERS),
        permission_words=made.canary("closedtable", "permission", READERS),
    )
    table = prepare_table(access=by, plan=plan)
    Table.objects.filter(pk=table.pk).update(opened_at=now())
    tally = close_table(access=by, table=table, count=21)
    made.things["counted_table"] = {"table": table.uuid, "tally": tally.uuid}


def _cards(actions: Actions) -> None:
    made, access = actions.made, actions.access
    prepared = _design(actions, made.canary("cardsprepared", "slug", READERS), actions.hidden_body)
    made.things["cards_prepared"] = {"design": prepared.uuid}
    design = _design(actions, SLUG, actions.body)
    unnamed = made.people["confidential"].memberships.get().organisation
    own, other = make_batches(
        access=access, design=design, count=2, quantity=500, organisations=[access.organisation, unnamed]
    )
    publish_design(access=access, design=design)
    _collected(actions, own, "own", access, OWN_BATCH)
    _collected(actions, other, "other", _access(made, "confidential"), ALL_BATCHES)
    for batch in (own, other):
        for by in (access, _access(made, "withheld")):
            count_cards(access=by, batch=batch, number=1, count=60)
    count_cards(access=_access(made, "confidential"), batch=other, number=2, count=2)
    delivery = _deliver(actions, own, "told", EVERYONE, actions.body, actions.open_file)
    _deliver(actions, own, "limited", EVERYONE, actions.body, actions.limited_file)
    wrong = _deliver(actions, own, "takenback", READERS, actions.hidden_body, actions.inside_file)
    take_back_delivery(access=access, delivery=wrong)
    move = CardMove.objects.filter(batch=own, kind=MoveKind.LOST).get()
    known = {"workspace": made.workspace.uuid, "design": design.uuid, "slug": SLUG}
    made.things["cards"] = known | {
        "batch": own.uuid,
        "number": own.number,
        "move": move.uuid,
        "delivery": delivery.uuid,
    }
    made.things["cards_other"] = {"batch": other.uuid}


def _design(actions: Actions, slug: str, body: Body) -> CardDesign:
    return create_design(
        access=actions.access,
        publication=actions.letter,
        slug=slug,
        languages=["kk"],
        action=APPEAL,
        target=actions.appeal.uuid,
        recipient=body,
    )


def _collected(actions: Actions, batch: Batch, which: str, by: Access, recorders: object) -> None:
    """Printed, some lost, one packet that came back and one that is out, with its mark."""
    made, day = actions.made, site_today()
    notes = {what: made.canary(f"cards{which}", what, READERS) for what in ("printed", "lost")}
    record_printed(access=by, batch=batch, quantity=500, day=day, note=notes["printed"])
    record_lost(access=by, batch=batch, quantity=1, source=Stock.STOCK, day=day, note=notes["lost"])
    given = {"access": by, "batch": batch, "quantity": 100, "due_on": day, "day": day}
    mark = made.canary(f"pack{which}", "", recorders)
    give_packet(**given, mark=mark)  # type: ignore[arg-type]  # of a plain dictionary
    back = give_packet(**given)  # type: ignore[arg-type]  # of a plain dictionary
    quantities = {MoveKind.COLLECTED: 62, MoveKind.RETURNED: 38}
    take_back_packet(access=by, packet=back, quantities=quantities, day=day)


def _deliver(
    actions: Actions, batch: Batch, which: str, readers: object, body: Body, receipt: StoredFile
) -> CardDelivery:
    """The note of a delivery is for those who see drafts, its number for everybody."""
    made, access = actions.made, actions.access
    return deliver_cards(
        access=access,
        design=batch.design,
        recipient=body,
        day=site_today(),
        lines={batch.pk: 10},
        incoming_number=made.canary(f"delivery{which}", "number", readers),
        receipt=receipt,
        note=made.canary(f"delivery{which}", "note", READERS),
    )
