"""Writing, reviewing and keeping entries: who may, what the public sees meanwhile, what is written down."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from coalition.accounts.models import Membership, MembershipRole
from coalition.audit.models import AuditEntry
from coalition.campaigns.helplines.actions.entries import (
    CallNeeded,
    add_helpline,
    discard_entry,
    stamp_of,
    write_entry,
)
from coalition.campaigns.helplines.actions.maintain import (
    bring_back_helpline,
    check_helpline,
    retire_helpline,
    undo_check,
)
from coalition.campaigns.helplines.actions.review import publish_entry, send_back_entry
from coalition.campaigns.helplines.content import field_changes
from coalition.campaigns.helplines.enums import EntryState, RunBy
from coalition.campaigns.helplines.models import Helpline, HelplineCheck
from coalition.campaigns.helplines.queries import entries_to_review, public_helplines
from coalition.core.errors import Refused
from coalition.core.localized_text import LocalizedText
from coalition.workspaces.permissions import NotAllowed
from tests.campaigns.helplines.register import Register, content
from tests.factories import FreezeFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def register():
    return Register()


def numbers():
    """What the public may dial."""
    return [entry.channels[0]["value"] for entry in public_helplines()]


def phone(value):
    return [{"kind": "phone", "value": value, "note": {}}]


def test_a_proposed_line_is_not_public_until_another_organisation_published_it(register):
    entry = register.proposed()
    assert numbers() == []
    publish_entry(person=register.reviewer, entry=entry, seen=stamp_of(entry))
    assert numbers() == ["150"]


def test_a_change_leaves_what_is_published_until_it_is_reviewed(register):
    published = register.published()
    changed = register.change(published, channels=phone("111"))
    assert numbers() == ["150"]
    publish_entry(person=register.reviewer, entry=changed, seen=stamp_of(changed))
    assert numbers() == ["111"]
    published.refresh_from_db()
    assert published.state == EntryState.REPLACED


def test_nobody_of_the_organisation_reviews_its_entry(register):
    entry = register.proposed()
    colleague = register.member(register.centre, MembershipRole.REPRESENTATIVE)
    for person in (register.author, colleague):
        with pytest.raises(NotAllowed):
            publish_entry(person=person, entry=entry, seen=stamp_of(entry))
    assert numbers() == []


def test_one_person_of_two_organisations_is_no_second_organisation(register):
    """Otherwise one person could write for one and publish for the other."""
    entry = register.proposed()
    both = register.member(register.centre)
    MembershipFactory(person=both, organisation=register.others, role=MembershipRole.REPRESENTATIVE)
    MembershipFactory(person=register.author, role=MembershipRole.REPRESENTATIVE)
    for person in (both, register.author):
        with pytest.raises(NotAllowed):
            publish_entry(person=person, entry=entry, seen=stamp_of(entry))


def test_an_author_who_changed_sides_does_not_review_their_own_words(register):
    entry = register.proposed()
    Membership.objects.filter(person=register.author).update(ended_at=timezone.now())
    MembershipFactory(person=register.author, role=MembershipRole.REPRESENTATIVE)
    with pytest.raises(NotAllowed):
        publish_entry(person=register.author, entry=entry, seen=stamp_of(entry))


@pytest.mark.parametrize("role", [MembershipRole.MEMBER, MembershipRole.ALTERNATE])
def test_only_representatives_review(register, role):
    entry = register.proposed()
    with pytest.raises(NotAllowed):
        publish_entry(person=register.member(register.others, role), entry=entry, seen=stamp_of(entry))


def test_the_representative_of_a_frozen_organisation_does_not_review(register):
    entry = register.proposed()
    FreezeFactory(organisation=register.others, frozen_at=timezone.now())
    with pytest.raises(NotAllowed):
        publish_entry(person=register.reviewer, entry=entry, seen=stamp_of(entry))


def test_words_that_changed_after_they_were_read_are_not_published(register):
    entry = register.proposed()
    read = stamp_of(entry)
    register.change(entry, seen=read, channels=phone("999999"))
    with pytest.raises(Refused, match="changed since you opened it"):
        publish_entry(person=register.reviewer, entry=entry, seen=read)
    assert numbers() == []


def test_an_entry_is_reviewed_once(register):
    entry = register.proposed()
    publish_entry(person=register.reviewer, entry=entry, seen=stamp_of(entry))
    with pytest.raises(Refused):
        send_back_entry(person=register.reviewer, entry=entry, seen=stamp_of(entry), note="Late")


def test_an_entry_sent_back_is_changed_and_proposed_again(register):
    entry = register.proposed()
    with pytest.raises(Refused, match="what has to change"):
        send_back_entry(person=register.reviewer, entry=entry, seen=stamp_of(entry), note="  ")
    back = send_back_entry(person=register.reviewer, entry=entry, seen=stamp_of(entry), note="Who answers?")
    assert (back.state, back.review_note) == (EntryState.REJECTED, "Who answers?")
    again = register.change(entry, seen=stamp_of(back))
    assert (again.pk, again.state, again.review_note) == (entry.pk, EntryState.PROPOSED, "")


def test_two_people_of_an_organisation_do_not_overwrite_each_other(register):
    published = register.published()
    mine = register.change(published, proposes=False)
    register.change(published, seen=stamp_of(mine), proposes=False)
    with pytest.raises(Refused, match="Somebody changed this entry"):
        register.change(published, seen=stamp_of(mine), proposes=False)
    with pytest.raises(Refused, match="Somebody changed this entry"):
        register.change(published, seen="", proposes=False)


def test_others_do_not_write_about_a_line(register):
    published = register.published()
    acts = [
        lambda person: write_entry(
            person=person,
            helpline=published.helpline,
            content=content(),
            seen="",
            proposes=True,
            has_called=True,
        ),
        lambda person: check_helpline(person=person, helpline=published.helpline, seen=published.uuid),
        lambda person: undo_check(person=person, helpline=published.helpline),
        lambda person: retire_helpline(person=person, helpline=published.helpline),
        lambda person: bring_back_helpline(person=person, helpline=published.helpline),
        lambda person: discard_entry(person=person, helpline=published.helpline, seen="x"),
        lambda person: add_helpline(
            person=person,
            organisation=register.centre.uuid,
            content=content(),
            proposes=True,
            has_called=True,
        ),
    ]
    before = AuditEntry.objects.count()
    for act in acts:
        with pytest.raises(NotAllowed):
            act(register.reviewer)
    assert (numbers(), AuditEntry.objects.count()) == (["150"], before)


def test_what_a_caller_meets_is_proposed_only_after_a_call(register):
    published = register.published()
    for changed in ({"channels": phone("111")}, {"passed_to_police": LocalizedText({"en": "Everything"})}):
        with pytest.raises(CallNeeded):
            register.change(published, has_called=False, **changed)
    register.change(published, has_called=False, summary=LocalizedText({"en": "For everyone"}))


def test_a_new_line_is_proposed_only_after_a_call(register):
    with pytest.raises(CallNeeded):
        add_helpline(
            person=register.author,
            organisation=register.centre.uuid,
            content=content(),
            proposes=True,
            has_called=False,
        )
    assert not Helpline.objects.exists()


def test_publishing_takes_over_the_day_of_the_call(register):
    with time_machine.travel("2026-03-02T06:00:00Z"):
        entry = register.proposed()
    with time_machine.travel("2026-03-20T06:00:00Z"):
        published = publish_entry(person=register.reviewer, entry=entry, seen=stamp_of(entry))
    published.helpline.refresh_from_db()
    assert published.helpline.checked_on == datetime.date(2026, 3, 2)


def test_an_older_call_does_not_take_a_newer_check_back(register):
    with time_machine.travel("2026-03-02T06:00:00Z"):
        published = register.published()
        changed = register.change(published)
    with time_machine.travel("2026-03-10T06:00:00Z"):
        check_helpline(person=register.author, helpline=published.helpline, seen=published.uuid)
        publish_entry(person=register.reviewer, entry=changed, seen=stamp_of(changed))
    assert Helpline.objects.get().checked_on == datetime.date(2026, 3, 10)


def test_a_check_counts_for_the_words_that_were_seen(register):
    published = register.published()
    changed = register.change(published, channels=phone("111"))
    publish_entry(person=register.reviewer, entry=changed, seen=stamp_of(changed))
    with pytest.raises(Refused, match="Other words are published"):
        check_helpline(person=register.author, helpline=published.helpline, seen=published.uuid)


def test_a_check_is_undone_and_the_one_before_counts(register):
    with time_machine.travel("2026-03-02T06:00:00Z"):
        published = register.published()
    helpline = published.helpline
    with time_machine.travel("2026-04-20T06:00:00Z"):
        check_helpline(person=register.author, helpline=helpline, seen=published.uuid)
        check_helpline(person=register.author, helpline=helpline, seen=published.uuid)
        assert HelplineCheck.objects.filter(helpline=helpline).count() == 2
        undo_check(person=register.author, helpline=helpline)
        undo_check(person=register.author, helpline=helpline)
    helpline.refresh_from_db()
    assert helpline.checked_on == datetime.date(2026, 3, 2)
    assert AuditEntry.objects.filter(action="helpline.check_undone").count() == 1


def test_a_line_out_of_use_is_hidden_and_comes_back_as_it_was(register):
    published = register.published()
    retire_helpline(person=register.author, helpline=published.helpline)
    assert numbers() == []
    with pytest.raises(Refused, match="out of use"):
        register.change(published)
    bring_back_helpline(person=register.author, helpline=published.helpline)
    assert numbers() == ["150"]


def test_a_proposal_for_a_line_out_of_use_is_not_published(register):
    published = register.published()
    changed = register.change(published)
    retire_helpline(person=register.author, helpline=published.helpline)
    with pytest.raises(Refused, match="out of use"):
        publish_entry(person=register.reviewer, entry=changed, seen=stamp_of(changed))


def test_discarding_a_draft_leaves_what_is_published(register):
    published = register.published()
    draft = register.change(published, proposes=False)
    assert discard_entry(person=register.author, helpline=published.helpline, seen=stamp_of(draft)) is False
    assert numbers() == ["150"]


def test_discarding_the_first_draft_deletes_the_line(register):
    entry = register.proposed()
    assert discard_entry(person=register.author, helpline=entry.helpline, seen=stamp_of(entry)) is True
    assert not Helpline.objects.exists()


def test_an_own_line_has_no_other_name_of_who_runs_it(register):
    """Else a withheld name would be told beside its listing."""
    entry = register.proposed(operator=LocalizedText({"en": "The centre's true name"}))
    assert not entry.operator
    state = register.proposed(run_by=RunBy.STATE, operator=LocalizedText({"en": "Ministry"}))
    assert str(state.operator.in_language("en")) == "Ministry"


def test_every_act_is_written_down_without_words_of_the_entry(register):
    entry = register.proposed()
    publish_entry(person=register.reviewer, entry=entry, seen=stamp_of(entry))
    retire_helpline(person=register.author, helpline=entry.helpline)
    rows = AuditEntry.objects.filter(target=entry.helpline.uuid).order_by("pk")
    assert [(row.action, row.actor, row.organisation) for row in rows] == [
        ("helpline.added", register.author, register.centre.uuid),
        ("helpline.published", register.reviewer, register.others.uuid),
        ("helpline.retired", register.author, register.centre.uuid),
    ]
    assert "Trust line" not in str([row.detail for row in rows])


def test_what_waits_for_review_waits_for_those_who_may(register):
    entry = register.proposed()
    assert list(entries_to_review(register.reviewer)) == [entry]
    member = register.member(register.others)
    both = register.member(register.others, MembershipRole.REPRESENTATIVE)
    MembershipFactory(person=both, organisation=register.centre)
    for person in (register.author, member, both):
        assert not entries_to_review(person).exists()


def test_changes_are_told_field_by_field_and_language_by_language(register):
    published = register.published()
    changed = register.change(
        published,
        name=LocalizedText({"kk": "Сенім телефоны", "en": "Help line"}),
        channels=phone("111"),
        hours=[],
        is_round_the_clock=True,
        regions=["KZ-75"],
    )
    told = {
        one.label: (one.before, one.after) for one in field_changes(published, changed, timezone.localdate())
    }
    assert told == {
        "Name (English)": ("Trust line", "Help line"),
        "Ways to reach it": ("Phone: 150", "Phone: 111"),
        "Hours": ("Every day: 20:00–08:00", "Every day: day and night"),
        "Regions": ("All of Kazakhstan", "Almaty"),
    }
    assert field_changes(published, published, timezone.localdate()) == []
