"""Single-use codes: made, used once, expired, and refused in words."""

import datetime

import pytest
import time_machine
from django.utils.timezone import localdate

from coalition.campaigns.appeals.actions.manage import close_appeal
from coalition.campaigns.in_person.actions import codes as codes_module
from coalition.campaigns.in_person.actions.codes import CODE_MINUTES, make_code, use_code
from coalition.campaigns.in_person.actions.prepare import renew_link
from coalition.campaigns.in_person.models import Table, TableCode
from coalition.campaigns.in_person.queries import table_totals
from coalition.campaigns.in_person.retention import forget_codes, forget_permissions
from coalition.campaigns.models import AppealVersion, Support
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import TooManyRequests
from documents.models import Publication
from tests.campaigns.in_person.builders import code_for, opened, permission_file, prepared, table_stage

pytestmark = pytest.mark.django_db
MINUTE = datetime.timedelta(minutes=1)


def counted(table: Table) -> int:
    return table_totals([table.pk])[table.pk].codes


def test_a_code_counts_once_and_stores_nothing_of_the_person() -> None:
    made, version = table_stage()
    table = opened(made, version)
    code = code_for(table)
    use_code(code=code, version=str(version.uuid))
    assert counted(table) == 1
    with pytest.raises(Refused, match="counted once"):
        use_code(code=code, version=str(version.uuid))
    assert counted(table) == 1
    assert not Support.objects.exists()
    row = TableCode.objects.get()
    assert code not in row.code_hash
    version.refresh_from_db()
    assert version.frozen_at is not None


@pytest.mark.parametrize("written", ["{code}", " {lower} ", "{first}-{last}"])
def test_a_code_is_read_as_it_is_typed(written) -> None:
    made, version = table_stage()
    code = code_for(opened(made, version))
    typed = written.format(code=code, lower=code.lower(), first=code[:6], last=code[6:])
    use_code(code=typed, version=str(version.uuid))


def test_a_code_expires() -> None:
    made, version = table_stage()
    table = opened(made, version)
    code = code_for(table)
    with (
        time_machine.travel(now() + CODE_MINUTES * MINUTE, tick=False),
        pytest.raises(Refused, match="expired"),
    ):
        use_code(code=code, version=str(version.uuid))
    assert counted(table) == 0


@pytest.mark.parametrize("code", ["", "ABCDEFGHJKMN", "a" * 5000, "\x00", "ÄÖÜ"])
def test_a_forged_code_counts_nothing(code) -> None:
    made, version = table_stage()
    table = opened(made, version)
    code_for(table)
    with pytest.raises(Refused, match="no such code"):
        use_code(code=code, version=str(version.uuid))
    assert counted(table) == 0


def test_a_table_that_is_closed_or_not_open_makes_and_takes_no_codes() -> None:
    made, version = table_stage()
    with pytest.raises(Refused, match="not open"):
        make_code(table=prepared(made, version))
    table = opened(made, version, place="Market")
    code = code_for(table)
    Table.objects.filter(pk=table.pk).update(closed_at=now())
    for act in (lambda: make_code(table=table), lambda: use_code(code=code, version=str(version.uuid))):
        with pytest.raises(Refused, match="closed"):
            act()
    assert counted(table) == 0


def test_a_table_that_nobody_closed_ends_with_the_day_after_its_own() -> None:
    made, version = table_stage()
    table = opened(made, version)
    Table.objects.filter(pk=table.pk).update(day=localdate(now()) - datetime.timedelta(days=1))
    code_for(table)
    Table.objects.filter(pk=table.pk).update(day=localdate(now()) - datetime.timedelta(days=2))
    with pytest.raises(Refused, match="past"):
        code_for(table)


def test_an_appeal_that_was_closed_or_withdrawn_meanwhile_counts_nothing() -> None:
    made, version = table_stage()
    table = opened(made, version)
    code = code_for(table)
    Publication.objects.filter(pk=version.publication_id).update(state="withdrawn")
    with pytest.raises(Refused, match="withdrawn"):
        use_code(code=code, version=str(version.uuid))
    Publication.objects.filter(pk=version.publication_id).update(state="public")
    close_appeal(access=made.access, appeal=version.appeal)
    with pytest.raises(Refused, match="closed"):
        use_code(code=code, version=str(version.uuid))
    assert counted(table) == 0


def test_other_words_of_the_appeal_are_not_supported_at_a_table_of_the_earlier_ones() -> None:
    made, version = table_stage()
    table = opened(made, version)
    code = code_for(table)
    newer = AppealVersion.objects.create(
        appeal=version.appeal,
        number=2,
        publication=version.publication,
        hashes=version.hashes,
        made_at=now(),
    )
    for uuid in (version.uuid, newer.uuid):
        with pytest.raises(Refused, match="others now"):
            use_code(code=code, version=str(uuid))
    with pytest.raises(Refused, match="others now"):
        code_for(table)
    assert counted(table) == 0


def test_who_read_other_words_than_the_tables_is_asked_to_read_them() -> None:
    made, version = table_stage()
    table = opened(made, version)
    for given in ("", "nothing", str(table.uuid)):
        with pytest.raises(Refused, match="others now"):
            use_code(code=code_for(table), version=given)
    assert counted(table) == 0


def test_a_code_of_an_earlier_link_still_counts_but_that_link_makes_none() -> None:
    made, version = table_stage()
    table = opened(made, version)
    code = code_for(table)
    renew_link(access=made.access, table=table)
    with pytest.raises(Refused, match="opens no more"):
        make_code(table=table)
    use_code(code=code, version=str(version.uuid))
    assert counted(table) == 1


def test_codes_that_wait_are_limited(monkeypatch) -> None:
    monkeypatch.setattr(codes_module, "MOST_WAITING", 2)
    made, version = table_stage()
    table = opened(made, version)
    code = code_for(table)
    code_for(table)
    with pytest.raises(TooManyRequests):
        code_for(table)
    use_code(code=code, version=str(version.uuid))
    code_for(table)


def test_codes_are_deleted_a_day_after_they_expired_and_the_number_stays() -> None:
    made, version = table_stage()
    table = opened(made, version)
    use_code(code=code_for(table), version=str(version.uuid))
    code_for(table)
    assert forget_codes() == 0
    with time_machine.travel(now() + datetime.timedelta(hours=25)):
        assert forget_codes() == 2
    assert counted(table) == 1


def test_permissions_are_emptied_a_year_after_the_table() -> None:
    made, version = table_stage()
    table = opened(made, version, permission_file=permission_file(made))
    assert forget_permissions() == 0
    Table.objects.filter(pk=table.pk).update(day=localdate(now()) - datetime.timedelta(days=380))
    assert forget_permissions() == 1
    assert forget_permissions() == 0
    table.refresh_from_db()
    assert (table.permission_by, table.permission_words, table.permission_file) == ("", "", None)
