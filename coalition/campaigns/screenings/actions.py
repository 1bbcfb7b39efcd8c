"""Ask for a screening, change and withdraw the request; accept and decline it, note that it took place."""

import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from coalition.applicants.flow import request_proof
from coalition.audit import log
from coalition.campaigns.core.records import record_action
from coalition.campaigns.screenings.days import why_not_on
from coalition.campaigns.screenings.enums import Audience, ScreeningState
from coalition.campaigns.screenings.films import Film, film_in, is_on_site, may_be_screened
from coalition.campaigns.screenings.flow import SCREENINGS, mail_answer
from coalition.campaigns.screenings.models import MOST_PEOPLE, ScreeningRequest
from coalition.campaigns.screenings.notifications import ASKED, WITHDRAWN, notify_planners
from coalition.campaigns.screenings.permissions import may_answer_requests
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.retention import DAY
from coalition.core.throttling import LINKS_A_DAY, refuse_flood
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that

ONLY_PLANNERS: Final = _("Editors and coordinators answer requests for screenings.")
CLOSED: Final = _("Screenings of this film cannot be asked for now.")
MAY_CHANGE: Final = (ScreeningState.UNPROVED, ScreeningState.ASKED, ScreeningState.ACCEPTED)


def request_screening(
    *, film: Film, address: str, language: str, on: datetime.date, people: int, audience: int, **fields: str
) -> None:
    """Store the request and mail the link. `fields`: the texts of ScreeningRequest, and `region`.

    One mailbox may ask three times a day for a film. Beyond that nothing is stored, and the response is the
    same. Raises Refused if screenings are closed, the day is past or more than two years ahead, the number of
    people is none, the audience too young, or no support person is named; TooManyRequests.
    """
    with transaction.atomic():
        workspace = _lock_open_workspace(film)
        _check(film, on=on, people=people, audience=audience, **fields)
        rows = ScreeningRequest.objects.filter(film=film.key)
        refuse_flood(rows)
        today = rows.filter(written_at__gt=now() - DAY)
        if SCREENINGS.of_address(address, today).count() >= LINKS_A_DAY:
            return
        row = SCREENINGS.new(
            workspace=workspace,
            film=film.key,
            written_at=now(),
            address=address,
            language=language,
            on=on,
            people=people,
            audience=audience,
            **fields,
        )
        row.save()
        request_proof(SCREENINGS, row)


def confirm_request(*, request: ScreeningRequest) -> ScreeningRequest:
    """Prove the address by its link and submit the request. A second POST changes nothing.

    Raises Refused if screenings are closed, or the day is past.
    """
    with transaction.atomic():
        row = SCREENINGS.locked(request)
        if row.state not in {ScreeningState.UNPROVED, ScreeningState.WITHDRAWN}:
            return row
        film = _film_to_ask_for(row)
        _check_day(row.on)
        if film.workspace != row.workspace_id:  # another one answers by now
            row.workspace = _lock_open_workspace(film)
        row.proved_at, row.state = row.proved_at or now(), ScreeningState.ASKED
        row.save(update_fields=["proved_at", "state", "workspace"])
        _record_asker(row, "screening.asked")
        notify_planners(row, ASKED)
    return row


def change_request(*, request: ScreeningRequest, **fields: Any) -> ScreeningRequest:
    """Change a request by its link. What was agreed waits for an answer anew. `fields`: as the form cleans
    them, without address and language.

    Raises Refused once it is declined, withdrawn or over, and as `request_screening` does.
    """
    with transaction.atomic():
        row = SCREENINGS.locked(request)
        if row.state not in MAY_CHANGE or row.on < localdate(now()):
            raise Refused(_("This request cannot be changed any more. You are welcome to ask anew."))
        _check(_film_to_ask_for(row), **fields)
        for name, value in fields.items():
            setattr(row, name, value)
        if row.state == ScreeningState.ACCEPTED:
            _reset_answer(row)
            row.state = ScreeningState.ASKED
        row.save()
        if row.state == ScreeningState.ASKED:
            _record_asker(row, "screening.changed")
            notify_planners(row, ASKED)
    return row


def withdraw_request(*, request: ScreeningRequest) -> ScreeningRequest | None:
    """Withdraw a request; one with an unproved address is deleted: None. Raises Refused once it is over."""
    with transaction.atomic():
        row = SCREENINGS.locked(request)
        if row.proved_at is None:
            row.delete()
            return None
        if row.state == ScreeningState.DONE:
            raise Refused(_("The screening took place already."))
        if row.state not in {ScreeningState.WITHDRAWN, ScreeningState.DECLINED}:
            row.state = ScreeningState.WITHDRAWN
            row.save(update_fields=["state"])
            _record_asker(row, "screening.withdrawn")
            notify_planners(row, WITHDRAWN)
    return row


def accept_request(
    *, access: Access, request: ScreeningRequest, answer: str, viewing_link: str = ""
) -> ScreeningRequest:
    """Agree to a screening and mail what was agreed. The same answer again sends nothing.

    Raises NotAllowed; Refused without words or a support person, for a past day, for a request that was
    withdrawn, if the film's page is gone, or if consent does not allow the film at screenings.
    """
    with transaction.atomic():
        row = _lock_to_answer(access, request)
        if not row.support_person.strip() or not row.support_contact.strip():
            raise Refused(
                _(
                    "No support person is named. Ask them to name one by their link: without one nothing is "
                    "shown."
                )
            )
        _check_day(row.on)
        film = film_in(row.film, row.language)
        if film is None:
            raise Refused(_("The film has no public page in the language of this request."))
        _refuse_younger(film, row.audience)
        if not may_be_screened(film, row.language):
            raise Refused(
                _("The film is not available for screenings in this language now. Ask who added its video.")
            )
        row.given_videos = [*(one for one in row.given_videos if one != film.video), film.video]
        return _answered(access, row, ScreeningState.ACCEPTED, answer, viewing_link)


def decline_request(*, access: Access, request: ScreeningRequest, answer: str) -> ScreeningRequest:
    """Decline and mail the words. Raises NotAllowed; Refused without words, or for a request that was
    withdrawn."""
    with transaction.atomic():
        row = _lock_to_answer(access, request)
        return _answered(access, row, ScreeningState.DECLINED, answer, "")


def finish_request(*, access: Access, request: ScreeningRequest) -> ScreeningRequest:
    """Note that a screening took place. Raises NotAllowed; Refused before its day, or if it is not agreed."""
    require_that(may_answer_requests(access), ONLY_PLANNERS)
    with transaction.atomic():
        row = SCREENINGS.locked(request)
        if row.state == ScreeningState.DONE:
            return row
        if row.state != ScreeningState.ACCEPTED or row.on > localdate(now()):
            raise Refused(_("Only a screening that was agreed can have taken place, and not before its day."))
        row.state = ScreeningState.DONE
        row.save(update_fields=["state"])
        _record(access, row, "screening.done")
    return row


def _answered(
    access: Access, row: ScreeningRequest, state: ScreeningState, answer: str, viewing_link: str
) -> ScreeningRequest:
    if not answer.strip():
        raise Refused(_("Write an answer: they read it in their mail."))
    if (row.state, row.answer, row.viewing_link) == (state, answer.strip(), viewing_link.strip()):
        return row
    row.state, row.answer, row.viewing_link = state, answer.strip(), viewing_link.strip()
    row.answered_at, row.answered_by = now(), access.user
    row.save(update_fields=["state", "answer", "viewing_link", "answered_at", "answered_by", "given_videos"])
    mail_answer(row)
    _record(access, row, "screening.answered", answer=state.value)
    return row


def _reset_answer(row: ScreeningRequest) -> None:
    row.answer = row.viewing_link = ""
    row.answered_at = row.answered_by = None


def _lock_to_answer(access: Access, request: ScreeningRequest) -> ScreeningRequest:
    require_that(may_answer_requests(access) and request.workspace_id == access.workspace.pk, ONLY_PLANNERS)
    row = SCREENINGS.locked(request)
    answerable = {ScreeningState.ASKED, ScreeningState.ACCEPTED, ScreeningState.DECLINED}
    if row.state not in answerable:
        raise Refused(_("This request is not confirmed, was withdrawn, or the screening is over."))
    return row


def _lock_open_workspace(film: Film) -> Workspace:
    if film.workspace is None or not is_on_site(film):
        raise Refused(CLOSED)
    rows = Workspace.objects.select_for_update().filter(pk=film.workspace, archived_at=None)
    workspace = rows.first()
    if workspace is None:
        raise Refused(CLOSED)
    return workspace


def _film_to_ask_for(row: ScreeningRequest) -> Film:
    film = film_in(row.film, row.language)
    if film is None or film.workspace is None or not is_on_site(film):
        raise Refused(CLOSED)
    return film


def _check(film: Film, **fields: Any) -> None:
    """Raise Refused for what the form refuses too."""
    _check_day(fields["on"])
    if not 1 <= fields["people"] <= MOST_PEOPLE:
        raise Refused(_("Write about how many people will come: at least one."))
    if (
        not str(fields.get("support_person", "")).strip()
        or not str(fields.get("support_contact", "")).strip()
    ):
        raise Refused(_("Name a support person, and how to reach them."))
    _refuse_younger(film, fields["audience"])


def _check_day(day: datetime.date) -> None:
    if reason := why_not_on(day):
        raise Refused(reason)


def _refuse_younger(film: Film, audience: int) -> None:
    if Audience(audience) < film.youngest:
        raise Refused(
            _("The film is for people from %(age)s years on. Show it to an older audience."),
            age=film.youngest,
        )


def _record(access: Access, row: ScreeningRequest, name: str, **detail: Any) -> None:
    record_action(access, name, target=row.uuid, target_kind="screening", workspace=row.workspace, **detail)


def _record_asker(row: ScreeningRequest, name: str) -> None:
    log.record_audit(name, actor=None, target_kind="screening", target=row.uuid, workspace=row.workspace.uuid)
