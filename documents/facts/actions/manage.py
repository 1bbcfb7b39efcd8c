"""Keeping facts: writing down, changing, checking, taking out of use, opening to the public.

A fact belongs to the coalition and is kept by an organisation. Who edits in its name, and coordinators,
change it; each change is a version that never changes again. What somebody writes counts on pages once
somebody else has checked it.
"""

import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import User
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.models import Seat
from documents.canonical.errors import CanonicalError
from documents.drafts.permissions import required
from documents.facts import notifications
from documents.facts.content import Saying, Wording, lacks, search_words, tidied
from documents.facts.enums import FactAct, FactKind
from documents.facts.models import Fact, FactEntry, FactVersion, FactWords
from documents.facts.queries.facts import keeping_seat, keeping_seats, today

LONGEST_UNTIL_CHECK = datetime.timedelta(days=3 * 366)


def create_fact(
    *, person: User, owner: UUID, kind: str, topic: str, saying: Saying, next_check: datetime.date
) -> Fact:
    """Write a fact down for an organisation in whose name the person edits somewhere.

    Raises NotAllowed for who edits for it nowhere; Refused in words for what is missing in it.
    """
    seat = required(
        next((one for one in keeping_seats(person) if one.organisation.uuid == owner), None),
        _("Editors and coordinators write facts down."),
    )
    clean = _checked(saying, kind)
    _check_day(next_check)
    with transaction.atomic():
        fact = Fact.objects.create(owner=seat.organisation, kind=kind, topic=topic, next_check=next_check)
        _write(fact, clean, 1, person)
        _keep(seat, fact, FactAct.CREATED)
        notifications.tell_of_check(fact, seat)
    return fact


def change_fact(
    *,
    person: User,
    fact: Fact,
    saying: Saying,
    why: str,
    next_check: datetime.date,
    seen: int,
    kind: str | None = None,
    topic: str | None = None,
) -> Fact:
    """Let the fact say something else from now on; `seen`: the number of the version the person looked at.

    Texts keep the words they have: whoever works on them is told. Raises NotAllowed; Refused without a
    reason, for what is missing, if it says exactly this already, or if somebody changed it in between.
    """
    seat, kind = _seat_for(person, fact), kind or fact.kind
    clean, why = _checked(saying, kind), " ".join(why.split())
    if not why:
        raise Refused(_("Say why it changes: those who use it read that."))
    _check_day(next_check)
    with transaction.atomic():
        locked = _locked(fact, seen)
        before = saying_of(locked.current)
        if (before, locked.kind, locked.topic) == (clean, kind, topic or locked.topic):
            raise Refused(_("It says exactly this already. If it was checked again, mark it as checked."))
        locked.kind, locked.topic, locked.next_check = kind, topic or locked.topic, next_check
        _write(locked, clean, seen + 1, person)
        _keep(seat, locked, FactAct.CHANGED, why)
        notifications.tell_of_check(locked, seat)
        notifications.tell_users(locked, seat)
    return locked


def check_fact(*, person: User, fact: Fact, seen: int, next_check: datetime.date, note: str = "") -> Fact:
    """Say that the person has compared what it says with its source; the next check moves.

    New words are checked by somebody else than who wrote them, and pages show them from then on. Raises
    NotAllowed; Refused for one's own new words, a day that is past or far, or words newer than `seen`.
    """
    seat = _seat_for(person, fact)
    _check_day(next_check)
    with transaction.atomic():
        locked = _locked(fact, seen)
        is_new = locked.checked_id != locked.current_id
        if is_new and locked.current is not None and locked.current.written_by_id == person.pk:
            raise Refused(_("You wrote these words: somebody else checks them against the source."))
        locked.checked, locked.checked_at, locked.next_check = locked.current, now(), next_check
        locked.save(update_fields=["checked", "checked_at", "next_check"])
        _keep(seat, locked, FactAct.CHECKED, " ".join(note.split()))
    return locked


def retire_fact(*, person: User, fact: Fact, why: str) -> Fact:
    """Take a fact out of use: it holds no longer, or its source does not. Pages show it no more, texts that
    use it are flagged, its page stays. A second time does nothing. Raises NotAllowed; Refused without why."""
    seat, why = _seat_for(person, fact), " ".join(why.split())
    if not why:
        raise Refused(_("Say why it is taken out of use: those who use it read that."))
    with transaction.atomic():
        locked = _locked(fact)
        if locked.retired_at is None:
            locked.retired_at = now()
            locked.save(update_fields=["retired_at"])
            _keep(seat, locked, FactAct.RETIRED, why)
            notifications.tell_users(locked, seat)
    return locked


def bring_back_fact(*, person: User, fact: Fact) -> Fact:
    """Take a fact into use again. Raises NotAllowed."""
    seat = _seat_for(person, fact)
    with transaction.atomic():
        locked = Fact.objects.select_for_update().get(pk=fact.pk)
        if locked.retired_at is not None:
            locked.retired_at = None
            locked.save(update_fields=["retired_at"])
            _keep(seat, locked, FactAct.BROUGHT_BACK)
    return locked


def open_fact(*, person: User, fact: Fact, opened: bool) -> Fact:
    """Give it a public page and offer it to the newsroom, once it is checked; or no longer. What stands on
    something public stays public. Raises NotAllowed."""
    seat = _seat_for(person, fact)
    with transaction.atomic():
        locked = Fact.objects.select_for_update().get(pk=fact.pk)
        if (locked.opened_at is not None) != opened:
            locked.opened_at = now() if opened else None
            locked.save(update_fields=["opened_at"])
            _keep(seat, locked, FactAct.OPENED if opened else FactAct.CLOSED)
    return locked


def saying_of(version: FactVersion | None) -> Saying | None:
    """What a version says, as plain data."""
    if version is None:
        return None
    words = {
        row.language: Wording(row.numeral, row.sentence, row.scope, row.source, row.how)
        for row in version.words.all()
    }
    return Saying(version.as_of, version.publisher, version.title, version.address, words)


def _seat_for(person: User, fact: Fact) -> Seat:
    return required(
        keeping_seat(person, fact),
        _("Editors of the organisation that keeps it, and coordinators, change it."),
    )


def _checked(saying: Saying, kind: str) -> Saying:
    if kind not in FactKind.values:
        raise Refused(_("Choose what kind of fact it is."))
    try:
        clean = tidied(saying)
    except CanonicalError as error:
        raise Refused("%(reason)s", reason=error.message) from error
    found = lacks(clean, kind=kind, this_year=today().year)
    if found:
        raise Refused("%(reason)s", reason=found[0].message)
    return clean


def _check_day(day: datetime.date) -> None:
    if not today() < day <= today() + LONGEST_UNTIL_CHECK:
        raise Refused(_("The next check is on a day to come, within three years."))


def _locked(fact: Fact, seen: int | None = None) -> Fact:
    locked = Fact.objects.select_for_update().get(pk=fact.pk)
    if locked.retired_at is not None and seen is not None:
        raise Refused(_("This fact is out of use. Bring it back first."))
    if seen is not None and (locked.current is None or locked.current.number != seen):
        raise Refused(_("Somebody changed this fact a moment ago. Look at it again."))
    return locked


def _write(fact: Fact, saying: Saying, number: int, person: User) -> None:
    version = FactVersion.objects.create(
        fact=fact,
        number=number,
        as_of=saying.as_of,
        publisher=saying.publisher,
        title=saying.title,
        address=saying.address,
        written_at=now(),
        written_by=person,
    )
    FactWords.objects.bulk_create(
        FactWords(version=version, language=code, **vars(wording)) for code, wording in saying.words.items()
    )
    fact.current, fact.search = version, search_words(saying)
    fact.save()


def _keep(seat: Seat, fact: Fact, act: FactAct, why: str = "") -> None:
    version = fact.versions.latest("number")  # the current one: each change writes another
    FactEntry.objects.create(
        fact=fact,
        version=version,
        act=act,
        why=why[: FactEntry._meta.get_field("why").max_length],
        next_check=fact.next_check,
        at=now(),
        person=seat.person,
        organisation=seat.organisation,
    )
    log.record(
        f"fact.{act.value}",
        actor=seat.person,
        organisation=seat.organisation.uuid,
        role=seat.role,
        target_kind="fact",
        target=fact.uuid,
        number=version.number,
    )
