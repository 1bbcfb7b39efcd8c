"""Preparing, opening, cancelling tables, and the link for their volunteers."""

import datetime
from dataclasses import replace

import pytest
from django.utils.timezone import localdate

from coalition.accounts.models import Listing
from coalition.audit.models import AuditEntry
from coalition.campaigns.appeals.actions.manage import close_appeal
from coalition.campaigns.in_person.actions.guidance import write_guidance
from coalition.campaigns.in_person.actions.opening import open_table
from coalition.campaigns.in_person.actions.prepare import cancel_table, change_table, renew_link
from coalition.campaigns.in_person.enums import TableState
from coalition.campaigns.in_person.guidance_words import default_police_words
from coalition.campaigns.in_person.links import table_token
from coalition.campaigns.in_person.models import Table, TableGuidance
from coalition.campaigns.in_person.queries import TableTotal, guidance_of, table_of_token, table_totals
from coalition.campaigns.in_person.readiness import missing_for, missing_in
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.localized_text import LocalizedText, language_codes
from coalition.roles import SeatRole
from coalition.workspaces.permissions import NotAllowed, access_to
from documents.drafts.models import Handling
from documents.files.models import StoredFile
from tests.campaigns.appeals.factories import open_appeal
from tests.campaigns.in_person.builders import (
    GUIDANCE,
    code_for,
    guide,
    opened,
    permission_file,
    plan_of,
    prepared,
    table_stage,
    tap,
)
from tests.documents.approval.builders import stage
from tests.factories import FreezeFactory, OrganisationFactory, seat

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def missing(table: Table) -> list[str]:
    return [str(one.words) for one in missing_for(table, guidance_of(table.workspace))]


def test_a_prepared_table_has_a_link_and_a_referral_code_of_its_organisation() -> None:
    made, version = table_stage()
    other = made.organisation()
    table = prepared(made, version, organisation=other)
    assert table.referral.medium == "table"
    assert table.referral.organisation == other
    assert table_of_token(table_token(table)) == table
    assert table_token(table) not in {table.link_hash, str(table.uuid)}
    assert AuditEntry.objects.filter(action="table.prepared", target=table.uuid).exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"day": -1}, "past"),
        ({"day": 400}, "more than a year"),
        ({"permission_on": 1}, "day to come"),
        ({"region": "KZ-99"}, "region"),
    ],
)
def test_a_table_that_cannot_be_is_refused_in_words(changed, words) -> None:
    made, version = table_stage()
    today = localdate(now())
    given = {
        name: today + value * DAY if isinstance(value, int) else value for name, value in changed.items()
    }
    with pytest.raises(Refused, match=words):
        prepared(made, version, **given)
    assert not Table.objects.exists()


def test_an_appeal_that_is_closed_and_one_of_another_workspace_have_no_table() -> None:
    made, version = table_stage()
    elsewhere, _other = table_stage_elsewhere()
    with pytest.raises(Refused, match="open"):
        prepared(elsewhere, version)
    close_appeal(access=made.access, appeal=version.appeal)
    version.appeal.refresh_from_db()
    with pytest.raises(Refused, match="open"):
        prepared(made, version)


def table_stage_elsewhere():
    made = stage()
    return made, open_appeal("en", made=made, slug="elsewhere")


def test_who_is_not_a_coordinator_prepares_for_their_own_organisation_alone() -> None:
    made, version = table_stage()
    contributor = seat(workspace=made.workspace, role=SeatRole.CONTRIBUTOR)
    reviewer = seat(workspace=made.workspace, role=SeatRole.REVIEWER)
    access = access_to(contributor.person, made.workspace.uuid)
    own = prepared(made, version, access=access)
    with pytest.raises(NotAllowed):
        prepared(made, version, access=access, organisation=made.organisations[0])
    with pytest.raises(NotAllowed):
        prepared(made, version, access=access_to(reviewer.person, made.workspace.uuid))
    of_another = prepared(made, version, place="Market")
    for act in (cancel_table, renew_link):
        with pytest.raises(NotAllowed):
            act(access=access, table=of_another)
    assert cancel_table(access=access, table=own).cancelled_at
    with pytest.raises(NotAllowed):
        guide_by(access)


def guide_by(access) -> TableGuidance:
    return write_guidance(access=access, content=GUIDANCE)


@pytest.mark.parametrize(
    ("plan", "guidance", "words"),
    [
        ({"permission_by": ""}, {}, "who owns the place"),
        ({"permission_on": None}, {}, "the day of the owner"),
        ({"permission_words": ""}, {}, "written permission"),
        ({}, {"legal_note": LocalizedText()}, "note on the law"),
        ({}, {"lawyer_name": ""}, "role of the lawyer"),
        ({}, {"lawyer_role": ""}, "role of the lawyer"),
        ({}, {"noted_on": None}, "role of the lawyer"),
        ({}, {"duty_telephone": ""}, "duty telephone"),
    ],
)
def test_a_table_does_not_open_while_something_is_missing(plan, guidance, words) -> None:
    made, version = table_stage()
    guide(made, **guidance)
    table = prepared(made, version, **plan)
    assert [words in one for one in missing(table)] == [True]
    with pytest.raises(Refused, match="missing"):
        open_table(table=table)
    guide(made)
    change_table(access=made.access, table=table, plan=plan_of(version, table.organisation))
    assert open_table(table=table).opened_at


def test_without_any_guidance_three_things_are_missing() -> None:
    assert len(missing_in(None)) == 3


def test_a_deleted_file_is_no_permission() -> None:
    made, version = table_stage()
    file = permission_file(made)
    table = prepared(made, version, permission_words="", permission_file=file)
    assert missing(table) == []
    file.deleted_at = now()
    file.save()
    table = Table.objects.get(pk=table.pk)
    assert ["written permission" in one for one in missing(table)] == [True]


@pytest.mark.parametrize("limits", [{"restricted": True}, {"handling": Handling.ORGANISATION}])
def test_a_file_that_only_some_people_may_read_is_no_permission(limits) -> None:
    made, version = table_stage()
    file = permission_file(made)
    table = prepared(made, version, permission_words="", permission_file=file)
    StoredFile.objects.filter(pk=file.pk).update(**limits)
    file.refresh_from_db()
    table = Table.objects.get(pk=table.pk)
    assert ["written permission" in one for one in missing(table)] == [True]
    with pytest.raises(Refused, match="Only some people"):
        prepared(made, version, permission_file=file)
    plan = plan_of(version, table.organisation, permission_file=file)
    with pytest.raises(Refused, match="Only some people"):
        change_table(access=made.access, table=table, plan=plan)


def test_it_opens_on_its_day_alone_and_once() -> None:
    made, version = table_stage()
    today = localdate(now())
    ahead = prepared(made, version, day=today + DAY)
    with pytest.raises(Refused, match="on its day"):
        open_table(table=ahead)
    past = prepared(made, version)
    Table.objects.filter(pk=past.pk).update(day=today - DAY)
    with pytest.raises(Refused, match="on its day"):
        open_table(table=past)
    table = prepared(made, version, place="Market")
    first = open_table(table=table)
    assert open_table(table=table).opened_at == first.opened_at
    assert first.version_id == version.pk
    assert AuditEntry.objects.filter(action="table.opened", target=table.uuid, actor=None).count() == 1


def test_it_does_not_open_for_an_appeal_that_takes_no_support() -> None:
    made, version = table_stage()
    table = prepared(made, version)
    close_appeal(access=made.access, appeal=version.appeal)
    with pytest.raises(Refused, match="closed"):
        open_table(table=table)


def test_a_cancelled_table_has_no_link_and_an_opened_one_is_not_cancelled() -> None:
    made, version = table_stage()
    table = prepared(made, version)
    token = table_token(table)
    cancel_table(access=made.access, table=table)
    assert cancel_table(access=made.access, table=table).state_on(table.day) == TableState.CANCELLED
    assert table_of_token(token) is None
    with pytest.raises(Refused):
        renew_link(access=made.access, table=table)
    with pytest.raises(Refused, match="close it and count"):
        cancel_table(access=made.access, table=opened(made, version, place="Market"))


def test_a_renewed_link_ends_the_earlier_one_and_keeps_what_was_counted() -> None:
    made, version = table_stage()
    table = opened(made, version)
    token = table_token(table)
    tap(table, 3, 3)
    renewed = renew_link(access=made.access, table=table)
    assert table_of_token(token) is None
    assert table_of_token(table_token(renewed)) == table
    assert table_totals([table.pk])[table.pk].taps == 3
    with pytest.raises(Refused, match="opens no more"):
        tap(table, 4, 4)


def test_the_link_of_a_frozen_organisation_opens_nothing() -> None:
    made, version = table_stage()
    other = made.organisation()
    table = prepared(made, version, organisation=other)
    FreezeFactory(organisation=other, frozen_at=now())
    assert table_of_token(table_token(table)) is None


def test_an_open_table_changes_its_permission_alone() -> None:
    made, version = table_stage()
    table = opened(made, version)
    plan = plan_of(version, table.organisation, permission_words="Letter No. 13")
    assert change_table(access=made.access, table=table, plan=plan).permission_words == "Letter No. 13"
    for changed in ({"place": "Market"}, {"day": table.day + DAY}):
        with pytest.raises(Refused, match="only its permission"):
            change_table(access=made.access, table=table, plan=replace(plan, **changed))
    Table.objects.filter(pk=table.pk).update(closed_at=now())
    with pytest.raises(Refused, match="over"):
        change_table(access=made.access, table=table, plan=plan)


def test_totals_of_many_tables_take_one_query(django_assert_num_queries) -> None:
    made, version = table_stage()
    tables = [opened(made, version, place=f"Place {number}") for number in range(3)]
    tap(tables[0], 5, 5)
    tap(tables[0], 9, 7)
    code_for(tables[1])
    for some in (tables[:1], tables):
        with django_assert_num_queries(1):
            found = table_totals([one.pk for one in some])
        assert found[tables[0].pk].taps == 12
        assert len(found) == len(some)
    assert found[tables[2].pk] == TableTotal()


def test_the_default_words_for_a_visit_of_the_police_are_there_in_every_language() -> None:
    words = default_police_words()
    assert set(words) == set(language_codes())
    assert "Stay calm" in words["en"]
    assert all(len(text.splitlines()) == 7 for text in words.values())


def test_withheld_organisations_take_part_too() -> None:
    made, version = table_stage()
    hidden = made.organisation(listing=Listing.WITHHELD)
    assert prepared(made, version, organisation=hidden).organisation == hidden
    stranger = OrganisationFactory()
    with pytest.raises(Refused, match="does not take part"):
        prepared(made, version, organisation=stranger)


def test_with_another_organisation_or_appeal_a_table_has_a_code_of_theirs() -> None:
    made, version = table_stage()
    other = seat(workspace=made.workspace, role=SeatRole.CONTRIBUTOR).organisation
    table = prepared(made, version)
    first = table.referral
    changed = change_table(access=made.access, table=table, plan=plan_of(version, other))
    assert changed.referral.organisation == other
    assert changed.referral.target == version.appeal.uuid
    again = change_table(access=made.access, table=table, plan=plan_of(version, other, place="Market"))
    assert again.referral == changed.referral
    first.refresh_from_db()
    assert first.ended_at is None
