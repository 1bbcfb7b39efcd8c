"""Publishing figures: nothing is public before every organisation agrees, and no month is published twice."""

import datetime

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from coalition.accounts.models import Listing, MembershipRole
from coalition.audit.models import AuditEntry
from coalition.campaigns.helplines.enums import EntryState, FigureState
from coalition.campaigns.helplines.figures.publication import (
    agree,
    correct_published,
    drop_figures,
    leave_out,
    propose_figures,
    publish_figures,
    refuse,
    withdraw_figures,
)
from coalition.campaigns.helplines.figures.queries import cells_of, public_lines, public_publications
from coalition.campaigns.helplines.figures.retention import forget_months, forget_people
from coalition.campaigns.models import (
    FigureAgreement,
    FigureLine,
    FigureMonth,
    FigurePublication,
    Helpline,
    HelpMonth,
)
from coalition.core.errors import Refused
from coalition.core.localized_text import LocalizedText
from coalition.mail.models import OutboxMail
from coalition.workspaces.models import Notification
from coalition.workspaces.permissions import NotAllowed
from tests.campaigns.helplines.figures.builders import (
    ABAI,
    ALMATY,
    ASTANA,
    NOW,
    Stage,
    desk_page,
    enter,
    line,
    month,
    page,
    representative,
)
from tests.conftest import new_client
from tests.factories import FreezeFactory, MembershipFactory, OrganisationFactory, seat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def here() -> Stage:
    return Stage()


def lines_told() -> set[int]:
    """Keys of the lines of which the public reads figures."""
    return {one.helpline_id for found in public_publications() for one in public_lines(found)}


def test_nothing_is_public_before_all_have_agreed(client, here) -> None:
    publication = here.propose()
    with pytest.raises(Refused, match="Not all"):
        publish_figures(person=here.anna, publication=publication)
    here.agree(publication, here.anna)
    with pytest.raises(Refused, match="Not all"):
        publish_figures(person=here.anna, publication=publication)
    here.agree(publication, here.bota)
    assert lines_told() == set()
    assert "No figures are published yet" in page(client)
    publish_figures(person=here.anna, publication=publication)
    assert lines_told() == {here.first.pk, here.second.pk}
    assert "300 contacts with all lines" in page(client)


def test_what_was_agreed_to_is_what_is_published(here) -> None:
    publication = here.propose()
    before = [line.cells for line in publication.lines.all()]
    enter(here.first, month(9), 999)
    here.agree(publication)
    publish_figures(person=here.anna, publication=publication)
    assert [line.cells for line in publication.lines.all()] == before


def test_every_number_is_ten_at_least_and_they_add_up(client, here) -> None:
    publication = here.publish()
    for one in publication.lines.all():
        cells = cells_of(one)
        assert all(cell.count == 0 or cell.count >= 10 for cell in cells)
        assert sum(cell.count for cell in cells if cell.is_leaf) == cells[0].count == 150
    told = page(client)
    assert ">3<" not in told  # the contacts whose region is not known
    assert "All regions" in told


def test_an_organisation_that_refuses_is_left_out_and_nothing_else_changes(client, here) -> None:
    publication = here.propose()
    own = publication.lines.get(helpline=here.first).cells
    refuse(person=here.bota, publication=publication, organisation=here.second.organisation)
    here.agree(publication, here.anna)
    publish_figures(person=here.anna, publication=publication)
    assert lines_told() == {here.first.pk}
    assert publication.lines.get().cells == own
    assert "150 contacts with all lines" in page(client)
    with pytest.raises(Refused, match="No line of this organisation"):
        here.agree(publication, here.bota)


def test_who_refuses_at_the_desk_still_reads_what_becomes_of_it(client_of, here) -> None:
    publication = here.propose()
    path = reverse("campaigns:figures_refuse", args=[publication.uuid, here.second.organisation.uuid])
    answer = client_of(here.bota).post(path, follow=True)
    assert answer.status_code == 200
    assert "Does not agree" in answer.content.decode()
    assert publication.lines.get().helpline == here.first


def test_one_that_does_not_answer_can_be_left_out_by_who_proposed(here) -> None:
    publication = here.propose()
    here.agree(publication, here.anna)
    given = {"publication": publication, "organisation": here.second.organisation}
    with pytest.raises(NotAllowed):
        leave_out(person=here.bota, **given)
    leave_out(person=here.anna, **given)
    with pytest.raises(Refused, match="answered already"):
        leave_out(person=here.anna, **given)
    publish_figures(person=here.anna, publication=publication)
    assert lines_told() == {here.first.pk}


def test_the_others_lead_while_who_proposed_is_frozen(here) -> None:
    publication = here.propose()
    here.agree(publication)
    with pytest.raises(NotAllowed):
        publish_figures(person=here.bota, publication=publication)
    FreezeFactory(organisation=here.first.organisation, frozen_at=timezone.now())
    with pytest.raises(NotAllowed):
        publish_figures(person=here.anna, publication=publication)
    with pytest.raises(NotAllowed):
        publish_figures(person=representative(OrganisationFactory()), publication=publication)
    publish_figures(person=here.bota, publication=publication)
    assert lines_told() == {here.first.pk, here.second.pk}


def test_nothing_is_published_where_nobody_agrees(here) -> None:
    publication = here.propose()
    for person in (here.anna, here.bota):
        refuse(person=person, publication=publication, organisation=here.organisation_of(person))
    with pytest.raises(Refused, match="nothing to publish"):
        publish_figures(person=here.anna, publication=publication)


def test_an_agreement_is_taken_back_after_publication_and_given_again(client, here) -> None:
    publication = here.publish()
    refuse(person=here.bota, publication=publication, organisation=here.second.organisation)
    assert lines_told() == {here.first.pk}
    assert str(here.second.entries.get().name) not in page(client)
    here.agree(publication, here.bota)
    assert lines_told() == {here.first.pk, here.second.pk}


def test_a_month_of_a_line_is_published_once_ever(here) -> None:
    first = here.publish(first=7, last=9)
    refuse(person=here.bota, publication=first, organisation=here.second.organisation)
    withdraw_figures(person=here.anna, publication=first)
    again = here.propose(first=7, last=10)
    months = FigureMonth.objects.filter(line__publication=again).values_list("month", flat=True)
    assert set(months) == {month(10)}
    with pytest.raises(Refused, match="no line has figures"):
        here.propose(first=7, last=10)
    line_of = again.lines.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        FigureMonth.objects.create(line=line_of, helpline=line_of.helpline, month=month(7))


def test_months_of_a_dropped_or_refused_proposal_are_free_again(here) -> None:
    publication = here.propose()
    refuse(person=here.bota, publication=publication, organisation=here.second.organisation)
    assert here.propose().lines.get().helpline == here.second
    drop_figures(person=here.anna, publication=publication)
    assert here.propose().lines.get().helpline == here.first
    with pytest.raises(Refused, match="dropped"):
        here.agree(publication)


def test_a_line_with_fewer_than_ten_contacts_waits_for_more_months(here) -> None:
    small = line()
    enter(small, month(9), 6)
    assert not here.propose(first=9, last=9).lines.filter(helpline=small).exists()
    enter(small, month(10), 6)
    publication = here.propose(first=9, last=10)
    assert cells_of(publication.lines.get(helpline=small))[0].count == 12
    assert [cell.path for cell in cells_of(publication.lines.get(helpline=small))] == [()]


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [(9, 7, "first before"), (10, 11, "months that are over"), (1, 6, "no line has")],
)
def test_months_that_cannot_be_published_are_refused(here, first, last, why) -> None:
    with pytest.raises(Refused, match=why):
        here.propose(first=first, last=last)
    assert not FigurePublication.objects.exists()


def test_withdrawn_figures_go_and_come_back_as_they_were(client, here) -> None:
    publication = here.publish()
    told = page(client)
    withdraw_figures(person=here.anna, publication=publication)
    assert lines_told() == set()
    table = reverse("help_figures_table", args=[publication.uuid])
    assert client.get(table).status_code == 404
    with pytest.raises(Refused, match="only be withdrawn"):
        drop_figures(person=here.anna, publication=publication)
    enter(here.first, month(9), 500)
    publish_figures(person=here.anna, publication=publication)
    assert page(client) == told


@pytest.mark.parametrize(
    "state",
    [
        {"retired_at": timezone.now()},
        {"checked_on": datetime.date(2026, 8, 1)},  # more than 90 days ago: hidden
        {"checked_on": None},
    ],
)
def test_lines_that_the_public_does_not_see_are_not_proposed(here, state) -> None:
    Helpline.objects.filter(pk=here.second.pk).update(**state)
    assert here.propose().lines.get().helpline == here.first


def test_published_figures_bear_the_name_that_the_register_has_now(client, client_of, here) -> None:
    publication = here.publish()
    entry = here.first.entries.get()
    before = str(entry.name)
    entry.name = LocalizedText({"kk": "Жаңа атау", "en": "Another name"})
    entry.save()
    table = reverse("help_figures_table", args=[publication.uuid])
    pages = [page(client), page(client, table), desk_page(client_of, here.anna, publication)]
    assert all("Another name" in told and before not in told for told in pages)
    entry.state = EntryState.REPLACED  # withdrawn from the register: nobody is told how it was called
    entry.save()
    pages = [page(client), page(client, table), desk_page(client_of, here.anna, publication)]
    assert all("Another name" not in told and before not in told for told in pages)
    assert "A line that is not published" in pages[0]
    assert "300 contacts with all lines" in pages[0]


@pytest.mark.parametrize("why", ["hidden", "frozen", "gone", "retired", "unchecked", "licence ended"])
def test_published_figures_do_not_name_a_line_that_the_public_does_not_see(
    client, client_of, here, why
) -> None:
    publication = here.publish()
    entry, table = here.second.entries.get(), reverse("help_figures_table", args=[publication.uuid])
    day = datetime.date(2026, 8, 1)
    if why == "frozen":
        FreezeFactory(organisation=here.second.organisation, frozen_at=timezone.now())
    elif why == "gone":
        here.second.organisation.left_at = timezone.now()
        here.second.organisation.save()
    elif why == "licence ended":
        here.second.entries.update(licence_until=day)
    else:
        fields = {"hidden": "suspended_at", "retired": "retired_at", "unchecked": "checked_on"}
        Helpline.objects.filter(pk=here.second.pk).update(
            **{fields[why]: day if why == "unchecked" else timezone.now()}
        )
    for told in (page(client), page(client, table)):
        assert str(entry.name) not in told
        assert str(here.first.entries.get().name) in told
        assert "A line that is not published" in told
    assert "300 contacts with all lines" in page(client)
    assert str(entry.name) in desk_page(client_of, here.anna, publication)  # as in the register


def test_lines_of_organisations_that_are_frozen_or_gone_are_not_proposed(here) -> None:
    FreezeFactory(organisation=here.second.organisation, frozen_at=timezone.now())
    assert here.propose().lines.get().helpline == here.first


# Corrections of what is public


def line_of(publication: FigurePublication, helpline: Helpline) -> FigureLine:
    return FigureLine.objects.select_related("publication", "organisation").get(
        publication=publication, helpline=helpline
    )


def test_a_correction_of_fewer_than_ten_is_not_published(client, here) -> None:
    publication = here.publish(first=9, last=9)
    told = page(client)
    enter(here.first, month(9), 61, {(ABAI, "kk"): 15, (ASTANA, "ru"): 42})
    with pytest.raises(Refused, match="fewer than ten"):
        correct_published(person=here.anna, line=line_of(publication, here.first))
    assert page(client) == told


def test_a_large_correction_is_published_by_its_own_organisation_alone(client, here) -> None:
    publication = here.publish(first=9, last=9)
    enter(here.first, month(9), 80, {(ABAI, "kk"): 15, (ASTANA, "ru"): 62})
    with pytest.raises(NotAllowed):
        correct_published(person=here.bota, line=line_of(publication, here.first))
    correct_published(person=here.anna, line=line_of(publication, here.first))
    assert "140 contacts with all lines" in page(client)
    entry = AuditEntry.objects.get(action="helpline.figures_replaced")
    assert (entry.detail["total_before"], entry.detail["total"]) == (60, 80)
    with pytest.raises(Refused, match="the same"):
        correct_published(person=here.anna, line=line_of(publication, here.first))


def test_a_correction_is_compared_with_every_version_that_was_public(here) -> None:
    publication = here.publish(first=9, last=9)
    for total, is_published in ((80, True), (63, False), (77, False), (60, True), (91, True), (100, False)):
        enter(here.first, month(9), total, {(ABAI, "kk"): 15, (ASTANA, "ru"): total - 18})
        if is_published:
            correct_published(person=here.anna, line=line_of(publication, here.first))
        else:
            with pytest.raises(Refused, match="fewer than ten"):
                correct_published(person=here.anna, line=line_of(publication, here.first))
    row = line_of(publication, here.first)
    assert cells_of(row)[0].count == 91
    assert [cells[0][1] for cells in row.earlier_cells] == [60, 80, 60]


def test_nothing_is_corrected_once_what_was_entered_is_deleted(client, here) -> None:
    """What is left of the months would be taken for all of them."""
    for helpline in (here.first, here.second):
        enter(helpline, datetime.date(2023, 11, 1), 20)
        enter(helpline, datetime.date(2023, 12, 1), 20)
    publication = propose_figures(
        person=here.anna,
        organisation=here.first.organisation,
        first=datetime.date(2023, 11, 1),
        last=datetime.date(2023, 12, 1),
    )
    here.agree(publication)
    publish_figures(person=here.anna, publication=publication)
    told = page(client)
    with time_machine.travel("2026-12-02 06:00Z", tick=False):
        assert forget_months() == 2
        with pytest.raises(Refused, match="last three years"):
            correct_published(person=here.anna, line=line_of(publication, here.first))
    assert page(client) == told


# Who may


@pytest.mark.parametrize("role", [MembershipRole.MEMBER, MembershipRole.ALTERNATE, None])
def test_only_representatives_of_the_organisation_decide(here, role) -> None:
    organisation = here.second.organisation
    person = MembershipFactory(organisation=organisation, role=role).person if role else here.anna
    publication = here.propose()
    given = {"person": person, "publication": publication, "organisation": organisation}
    for act in (agree, refuse):
        with pytest.raises(NotAllowed):
            act(**given)
    if role:
        for act in (publish_figures, drop_figures, withdraw_figures):
            with pytest.raises(NotAllowed):
                act(person=person, publication=publication)
        with pytest.raises(NotAllowed):
            propose_figures(person=person, organisation=organisation, first=month(7), last=month(9))
    assert not FigureAgreement.objects.exists()


def test_another_organisation_sees_nothing_before_publication(client_of, here) -> None:
    publication = here.propose()
    paths = [
        reverse("campaigns:figure_publication", args=[publication.uuid]),
        reverse("campaigns:figures"),
        reverse("help_figures"),
    ]
    other = client_of(representative(OrganisationFactory()))
    assert other.get(paths[0]).status_code == 404
    for name in ("figures_publish", "figures_drop", "figures_withdraw"):
        assert other.post(reverse(f"campaigns:{name}", args=[publication.uuid])).status_code == 404
    for answer in (other.get(paths[1]), other.get(paths[2]), Client().get(paths[2])):
        assert str(here.first.entries.get().name) not in answer.content.decode()
    assert FigurePublication.objects.get().state == FigureState.PROPOSED


def test_a_withheld_organisation_is_not_named_in_public_nor_to_others(client_of, client) -> None:
    here = Stage()
    organisation = here.second.organisation
    organisation.listing, organisation.slug = Listing.CONFIDENTIAL, None
    organisation.save()
    publication = here.publish()
    own_page = desk_page(client_of, here.bota, publication)
    others_page = desk_page(client_of, here.anna, publication)
    assert organisation.name_en in own_page
    assert organisation.name_en not in others_page
    assert organisation.name_en not in page(client)


# Pages


def test_the_whole_way_at_the_desk(client_of, client, here) -> None:
    anna, bota = client_of(here.anna), client_of(here.bota)
    made = anna.post(
        reverse("campaigns:figures"),
        {"first": "2026-07", "last": "2026-09", "organisation": str(here.first.organisation.uuid)},
    )
    publication = FigurePublication.objects.get()
    desk = reverse("campaigns:figure_publication", args=[publication.uuid])
    assert made["Location"] == desk
    assert "2 organisations have not answered" in page(anna, desk)
    assert "figures_publish" not in page(anna, desk)
    for who, organisation in ((anna, here.first.organisation), (bota, here.second.organisation)):
        path = reverse("campaigns:figures_agree", args=[publication.uuid, organisation.uuid])
        assert path in page(who, desk)
        assert who.post(path)["Location"] == desk
    assert bota.get(desk).status_code == 200
    assert bota.post(reverse("campaigns:figures_publish", args=[publication.uuid])).status_code == 403
    anna.post(reverse("campaigns:figures_publish", args=[publication.uuid]))
    assert "300 contacts with all lines" in page(client)
    anna.post(reverse("campaigns:figures_withdraw", args=[publication.uuid]))
    assert "No figures are published yet" in page(client)


def test_agreeing_and_publishing_ask_who_it_is_again(here) -> None:
    publication = here.propose()
    late = new_client(here.anna, ago=4000)
    path = reverse("campaigns:figures_agree", args=[publication.uuid, here.first.organisation.uuid])
    assert "/reauthenticate/" in late.post(path)["Location"]
    assert not FigureAgreement.objects.exists()


def test_months_that_cannot_be_proposed_are_refused_beside_the_form(client_of, here) -> None:
    sent = {"first": "2026-09", "last": "2026-07", "organisation": str(here.first.organisation.uuid)}
    answer = client_of(here.anna).post(reverse("campaigns:figures"), sent)
    assert answer.status_code == 422
    assert "the first before the last" in answer.content.decode()


def test_the_public_table_is_quiet_light_and_the_same_as_a_file(client, here) -> None:
    publication = here.publish()
    answer = client.get(reverse("help_figures"))
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert len(answer.content) < 60_000
    table = client.get(reverse("help_figures_table", args=[publication.uuid]))
    assert table["Cache-Control"] == "no-store"
    heads, *rows = table.content.decode("utf-8-sig").splitlines()
    assert heads == '"Line","Months","Month","Region","Language","Contacts"'
    assert sum(int(row.split(",")[-1].strip('"')) for row in rows) == 300
    older = client.get(reverse("help_figures"), {"of": "nonsense"})
    assert older.context["tables"] == answer.context["tables"]


def test_pages_cost_the_same_for_one_line_as_for_three(client, client_of) -> None:
    costs = []
    for lines in (1, 3):
        HelpMonth.objects.all().delete()
        FigurePublication.objects.all().delete()
        made = [line() for _one in range(lines)]
        person = representative(made[0].organisation)
        for one in made:
            enter(one, month(9), 40, {(ABAI, "kk"): 20, (ALMATY, "kk"): 20})
        publication = propose_figures(
            person=person, organisation=made[0].organisation, first=month(9), last=month(9)
        )
        for one in made[1:]:
            one.organisation.memberships.create(person=person, role=MembershipRole.REPRESENTATIVE)
        for one in made:
            agree(person=person, publication=publication, organisation=one.organisation)
        publish_figures(person=person, publication=publication)
        signed_in = client_of(person)
        desk = reverse("campaigns:figure_publication", args=[publication.uuid])
        counts = []
        for who, path in (
            (client, reverse("help_figures")),
            (client, reverse("help_figures_table", args=[publication.uuid])),
            (signed_in, desk),
            (signed_in, reverse("campaigns:figures")),
        ):
            who.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert who.get(path).status_code == 200
            counts.append(len(queries))
        costs.append(counts)
    assert costs[0] == costs[1]


# Who hears of it, and what is forgotten


def test_representatives_are_asked_in_the_inbox_or_by_mail_and_on_the_first_page(client_of, here) -> None:
    seat(here.bota, organisation=here.second.organisation)
    away = representative(here.second.organisation)
    member = MembershipFactory(organisation=here.second.organisation).person
    publication = here.propose()
    told = Notification.objects.filter(kind="helpline_figures_asked")
    assert {row.person for row in told} == {here.bota}
    mailed = OutboxMail.objects.filter(key__startswith="helpline_figures_asked")
    assert {mail.person for mail in mailed} >= {away.uuid}
    assert member.uuid not in {mail.person for mail in mailed}
    first_page = page(client_of(here.bota), reverse("workspaces:dashboard"))
    assert "1 publication of figures waits for your organisation" in first_page
    here.agree(publication, here.bota)
    assert "publication of figures waits" not in page(client_of(here.bota), reverse("workspaces:dashboard"))


def test_who_proposed_and_agreed_is_forgotten_and_the_organisations_stay(here) -> None:
    publication = here.publish()
    with time_machine.travel(timezone.now() + datetime.timedelta(days=800)):
        assert forget_people() == 3
        assert forget_people() == 0
    publication.refresh_from_db()
    assert publication.proposed_by is None
    assert FigureAgreement.objects.filter(person=None).count() == 2
