"""Publishing figures: proposed by one organisation, agreed to by each whose lines are in it, then public."""

import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation, User
from coalition.accounts.queries import frozen_pks
from coalition.audit import log
from coalition.campaigns.core.suppression import may_replace
from coalition.campaigns.helplines.enums import PUBLICATION_KIND, FigureAnswer, FigureState
from coalition.campaigns.helplines.figures.months import month_key, month_range, oldest_month, this_month
from coalition.campaigns.helplines.figures.notifications import ask_organisations
from coalition.campaigns.helplines.figures.permissions import require_leading, require_representing
from coalition.campaigns.helplines.figures.queries import (
    cells_as_json,
    cells_from_json,
    cells_of,
    open_answers,
    publishable_tree,
)
from coalition.campaigns.helplines.health import public_entries
from coalition.campaigns.helplines.models import (
    FigureAgreement,
    FigureLine,
    FigureMonth,
    FigurePublication,
    HelplineEntry,
    HelpMonth,
)
from coalition.core.clock import now
from coalition.core.errors import Refused

MOST_MONTHS: Final = 12  # in one publication


def propose_figures(
    *, person: User, organisation: Organisation, first: datetime.date, last: datetime.date
) -> FigurePublication:
    """Propose what may be published of all lines for the months from `first` to `last` (first days).

    The person reads of it what is of their own lines (`lines_for`). In it are public lines that have figures,
    of organisations neither frozen nor gone, with their months that are in no other publication; a line with
    1 to 9 contacts in all these months is not. Each organisation is asked.

    Raises NotAllowed; Refused for months that are not over, too many, or without figures.
    """
    require_representing(person, organisation)
    if not first <= last or len(list(month_range(first, last))) > MOST_MONTHS:
        raise Refused(_("Choose from one to twelve months, the first before the last."))
    if last >= this_month():
        raise Refused(_("Figures are published for months that are over."))
    if first < oldest_month():
        raise Refused(_("Figures are entered for the last three years."))
    with transaction.atomic():
        publication = FigurePublication.objects.create(
            first_month=first,
            last_month=last,
            organisation=organisation,
            proposed_by=person,
            proposed_at=now(),
        )
        if not _add_lines(publication):
            raise Refused(
                _(
                    "In these months no line has figures that may be published: they are not entered, in"
                    " another publication already, or fewer than ten."
                )
            )
        _record("helpline.figures_proposed", person, publication, organisation)
        ask_organisations(publication)
    return publication


def _add_lines(publication: FigurePublication) -> bool:
    """Freeze what may be published of each line. Returns whether there is any."""
    entries = HelplineEntry.objects.filter(
        public_entries(now()), helpline__organisation__left_at=None
    ).exclude(helpline__organisation__in=frozen_pks())
    # Locked before it is read which months are in use: a proposal at the same time waits here, and then sees.
    rows = list(
        entries.select_for_update(of=("helpline",))
        .select_related("helpline__organisation")
        .order_by("helpline_id")
    )
    months = list(month_range(publication.first_month, publication.last_month))
    used = set(FigureMonth.objects.filter(month__in=months).values_list("helpline_id", "month"))
    entered = set(HelpMonth.objects.filter(month__in=months).values_list("helpline_id", "month"))
    found = False
    for helpline in (entry.helpline for entry in rows):
        own = [month for month in months if (helpline.pk, month) in entered - used]
        tree = publishable_tree(helpline, own)
        if not tree:
            continue
        line = FigureLine.objects.create(
            publication=publication,
            helpline=helpline,
            organisation=helpline.organisation,
            cells=cells_as_json(tree),
        )
        FigureMonth.objects.bulk_create(
            FigureMonth(line=line, helpline=helpline, month=month) for month in own
        )
        found = True
    return found


def agree(*, person: User, publication: FigurePublication, organisation: Organisation) -> None:
    """Agree, in the name of an organisation, that the figures of its lines are published as they stand.

    Also after it had refused a published one: its lines are public again. A second time nothing happens.
    Raises NotAllowed; Refused if the publication is over or has no line of the organisation.
    """
    with transaction.atomic():
        locked = _locked(publication)
        _require_line(person, locked, organisation)
        if _answer(locked, organisation, FigureAnswer.AGREED, person):
            _record("helpline.figures_agreed", person, locked, organisation)


def refuse(*, person: User, publication: FigurePublication, organisation: Organisation) -> None:
    """Say that figures of the organisation's lines are not to be published.

    Before publication its lines leave the proposal, and their months may be proposed again. After it they
    leave the public page at once; their months stay used, since readers have seen them. Raises NotAllowed;
    Refused if the publication is over or has no line of the organisation.
    """
    with transaction.atomic():
        locked = _locked(publication)
        _require_line(person, locked, organisation)
        if _answer(locked, organisation, FigureAnswer.REFUSED, person):
            if locked.state == FigureState.PROPOSED:
                _remove_lines(locked, organisation)
            _record("helpline.figures_refused", person, locked, organisation)


def leave_out(*, person: User, publication: FigurePublication, organisation: Organisation) -> None:
    """Go on without an organisation that has not answered: its lines leave the proposal.

    Raises NotAllowed for who does not lead the publication; Refused if the organisation has answered.
    """
    with transaction.atomic():
        locked = _locked(publication)
        require_leading(person, locked)
        if locked.state != FigureState.PROPOSED or organisation.pk not in open_answers(locked):
            raise Refused(_("This organisation has answered already."))
        _answer(locked, organisation, FigureAnswer.LEFT_OUT, person)
        _remove_lines(locked, organisation)
        _record("helpline.figures_left_out", person, locked, organisation)


def publish_figures(*, person: User, publication: FigurePublication) -> None:
    """Make the figures public, once all organisations whose lines are in them have agreed.

    Also those that were withdrawn, as they were. Raises NotAllowed; Refused while an answer is missing, if no
    line is left, or if it was dropped.
    """
    with transaction.atomic():
        locked = _locked(publication)
        require_leading(person, locked)
        if locked.state == FigureState.PUBLISHED:
            return
        if not locked.lines.exists():
            raise Refused(_("No organisation agrees: there is nothing to publish."))
        if open_answers(locked):
            raise Refused(_("Not all organisations have answered yet."))
        locked.state, locked.ended_at = FigureState.PUBLISHED, None
        locked.published_at = locked.published_at or now()
        locked.save(update_fields=["state", "ended_at", "published_at"])
        _record("helpline.figures_published", person, locked, locked.organisation)


def drop_figures(*, person: User, publication: FigurePublication) -> None:
    """Give a proposal up; its months may be proposed again. Raises NotAllowed; Refused if it was public."""
    with transaction.atomic():
        locked = _locked(publication)
        require_leading(person, locked)
        if locked.published_at is not None:
            raise Refused(_("These figures were public: they can only be withdrawn."))
        FigureMonth.objects.filter(line__publication=locked).delete()
        _end(locked, FigureState.DROPPED)
        _record("helpline.figures_dropped", person, locked, locked.organisation)


def withdraw_figures(*, person: User, publication: FigurePublication) -> None:
    """Take published figures off the public page. A second time nothing happens.

    Raises NotAllowed; Refused if they were never public."""
    with transaction.atomic():
        locked = _locked(publication)
        require_leading(person, locked)
        if locked.state == FigureState.WITHDRAWN:
            return
        if locked.state != FigureState.PUBLISHED:
            raise Refused(_("These figures are not public."))
        _end(locked, FigureState.WITHDRAWN)
        _record("helpline.figures_withdrawn", person, locked, locked.organisation)


def correct_published(*, person: User, line: FigureLine) -> None:
    """Publish a line's corrected figures in place of those that were published, for the same months.

    It is the organisation's agreement too. Raises NotAllowed; Refused if nothing changed, if what was entered
    of the months is deleted since, or if the difference to anything that was public would tell of fewer than
    ten people: then what is published stays.
    """
    with transaction.atomic():
        publication = _locked(line.publication)
        require_representing(person, line.organisation)
        if publication.state != FigureState.PUBLISHED:
            raise Refused(_("These figures are not public."))
        row = (
            FigureLine.objects.select_for_update(of=("self", "helpline"))
            .select_related("organisation", "helpline")
            .get(pk=line.pk)
        )
        months = list(row.months.values_list("month", flat=True))
        if min(months) < oldest_month():
            raise Refused(_("Figures are entered for the last three years."))
        old, new = cells_of(row), publishable_tree(row.helpline, months)
        if new == old:
            raise Refused(_("The figures are the same as those that are published."))
        versions = [*row.earlier_cells, row.cells]
        if not may_replace(map(cells_from_json, versions), new):
            raise Refused(
                _(
                    "The corrected figures differ so little from published ones, or are put together so"
                    " differently, that both together would tell of fewer than ten people. What is published"
                    " stays; what you entered is stored."
                )
            )
        row.cells, row.earlier_cells = cells_as_json(new), versions
        row.save(update_fields=["cells", "earlier_cells"])
        _record(
            "helpline.figures_replaced",
            person,
            publication,
            row.organisation,
            helpline=str(row.helpline.uuid),
            total_before=old[0].count,
            total=new[0].count,
        )


def _locked(publication: FigurePublication) -> FigurePublication:
    rows = FigurePublication.objects.select_for_update(of=("self",)).select_related("organisation")
    locked = rows.get(pk=publication.pk)
    if locked.state == FigureState.DROPPED:
        raise Refused(_("This proposal was dropped."))
    return locked


def _require_line(person: User, publication: FigurePublication, organisation: Organisation) -> None:
    require_representing(person, organisation)
    if not publication.lines.filter(organisation=organisation).exists():
        raise Refused(_("No line of this organisation is in these figures."))


def _answer(
    publication: FigurePublication, organisation: Organisation, answer: FigureAnswer, person: User
) -> bool:
    """Write the answer down. Returns whether it is a new one."""
    row = FigureAgreement.objects.filter(publication=publication, organisation=organisation).first()
    if row is not None and row.answer == answer:
        return False
    values = {"answer": answer, "person": person, "answered_at": now()}
    FigureAgreement.objects.update_or_create(
        publication=publication, organisation=organisation, defaults=values
    )
    return True


def _remove_lines(publication: FigurePublication, organisation: Organisation) -> None:
    publication.lines.filter(organisation=organisation).delete()


def _end(publication: FigurePublication, state: FigureState) -> None:
    publication.state, publication.ended_at = state, now()
    publication.save(update_fields=["state", "ended_at"])


def _record(
    action: str, person: User, publication: FigurePublication, organisation: Organisation, **detail: Any
) -> None:
    months = f"{month_key(publication.first_month)}/{month_key(publication.last_month)}"
    log.record_audit(
        action,
        actor=person,
        organisation=organisation.uuid,
        target_kind=PUBLICATION_KIND,
        target=publication.uuid,
        months=months,
        **detail,
    )
