"""Official letters, answers and stances at the desk: recorded, withdrawn, published."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from coalition.accounts.views.access import get_viewer
from coalition.campaigns.letters.board import actions
from coalition.campaigns.letters.board.entry_rows import entry_rows, letter_rows
from coalition.campaigns.letters.board.forms import (
    AnswerForm,
    EntryForm,
    OfficialLetterForm,
    StanceForm,
    TermForm,
    WithdrawForm,
)
from coalition.campaigns.letters.board.permissions import may_record, require_that
from coalition.campaigns.letters.board.queries import (
    answers_of,
    letters_of,
    of_recipient,
    stances_of,
    with_readable_files,
)
from coalition.campaigns.letters.board.terms import term_of
from coalition.campaigns.letters.board.views.desk_access import action_of, board_context
from coalition.campaigns.letters.models import LetterAction
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access

ENTRIES_ON_PAGE = 50
KINDS: dict[str, tuple[Callable[[LetterAction], QuerySet[Any]], str, Any]] = {
    "answers": (answers_of, "campaigns:letter_board_answers", gettext_lazy("Withdraw this answer")),
    "letters": (letters_of, "campaigns:letter_board_letters", gettext_lazy("Withdraw this letter")),
    "stances": (stances_of, "campaigns:letter_board_stances", gettext_lazy("Withdraw this statement")),
}


def _try(form: forms.Form, act: Callable[[], object]) -> bool:
    """Run an action of a valid form; add the reason of a refusal to it."""
    try:
        act()
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return False
    return True


def _initial(request: HttpRequest) -> dict[str, str]:
    """Return what a link of another page fills in beforehand."""
    return {name: request.GET[name] for name in ("recipient", "letter") if request.GET.get(name)}


def _given(request: HttpRequest, access: Access, action: LetterAction) -> dict[str, Any]:
    data = request.POST if request.method == "POST" else None
    return {"data": data, "access": access, "action": action, "initial": _initial(request)}


def _list_context(
    request: HttpRequest, access: Access, action: LetterAction, tab: str, form: EntryForm | None
) -> dict[str, Any]:
    """Return the page of the entries of a kind, narrowed to one recipient if one is asked for."""
    rows_of, _url, _words = KINDS[tab]
    recipient = request.GET.get("recipient", "")
    found = with_readable_files(rows_of(action), access.user)
    found = of_recipient(found, recipient) if recipient else found
    page = Paginator(found, ENTRIES_ON_PAGE).get_page(request.GET.get("page"))
    make_rows = letter_rows if tab == "letters" else entry_rows
    return board_context(
        access,
        action,
        tab=tab,
        form=form,
        page=page,
        rows=make_rows(list(page), get_viewer(request)),
        is_narrowed=bool(recipient),
    )


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def answers(request: HttpRequest, action: UUID) -> HttpResponse:
    """What came, and recording more."""
    access, found = action_of(request, action)
    form = AnswerForm(**_given(request, access, found)) if may_record(access) else None
    if request.method == "POST":
        require_that(form is not None, _("Those who edit here record what came."))
    if form is not None and form.is_bound and form.is_valid():
        publish = "publish" in request.POST

        def act() -> None:
            actions.record_answer(
                access=access,
                action=found,
                recipient=form.chosen_recipient,
                content=form.content,
                publish=publish,
            )

        if _try(form, act):
            messages.success(
                request, _("Recorded and on the public board.") if publish else _("The answer is recorded.")
            )
            return redirect("campaigns:letter_board_answers", found.uuid)
    context = _list_context(request, access, found, "answers", form)
    return form_page(request, "campaigns/letters/board/answers.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def official_letters(request: HttpRequest, action: UUID) -> HttpResponse:
    """Letters of organisations with their terms, and recording more."""
    access, found = action_of(request, action)
    form = OfficialLetterForm(**_given(request, access, found)) if may_record(access) else None
    if request.method == "POST":
        require_that(form is not None, _("Those who edit here record what came."))
    if form is not None and form.is_bound and form.is_valid():

        def act() -> None:
            actions.record_letter(
                access=access, action=found, recipient=form.chosen_recipient, content=form.content
            )

        if _try(form, act):
            messages.success(request, _("The letter is recorded. The board says by when it is answered."))
            return redirect("campaigns:letter_board_letters", found.uuid)
    return _letters_page(request, access, found, form)


def _letters_page(
    request: HttpRequest,
    access: Access,
    action: LetterAction,
    form: EntryForm | None,
    term_form: TermForm | None = None,
) -> HttpResponse:
    context = _list_context(request, access, action, "letters", form)
    context |= {"term": term_of(action), "term_form": term_form or TermForm(action=action)}
    if term_form is not None:
        context |= {"form": term_form, "letter_form": form}
    else:
        context |= {"letter_form": form}
    return form_page(request, "campaigns/letters/board/official_letters.html", context)


@member_required
@require_POST
def term(request: HttpRequest, action: UUID) -> HttpResponse:
    """By when official letters have to be answered."""
    access, found = action_of(request, action)
    require_that(may_record(access), _("Those who edit here record what came."))
    form = TermForm(request.POST, action=found)
    if form.is_valid() and _try(
        form, lambda: actions.set_answer_term(access=access, action=found, **form.cleaned_data)
    ):
        messages.success(request, _("The term is set. Letters that are recorded follow."))
        return redirect("campaigns:letter_board_letters", found.uuid)
    return _letters_page(request, access, found, OfficialLetterForm(access=access, action=found), form)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def stances(request: HttpRequest, action: UUID) -> HttpResponse:
    """Who agrees and who does not, and recording more."""
    access, found = action_of(request, action)
    form = StanceForm(**_given(request, access, found)) if may_record(access) else None
    if request.method == "POST":
        require_that(form is not None, _("Those who edit here record what came."))
    if form is not None and form.is_bound and form.is_valid():
        target = form.chosen_recipient.target
        publish = "publish" in request.POST

        def act() -> None:
            if target is None:
                raise Refused(_("Choose a person."))
            actions.record_stance(
                access=access, action=found, target=target, content=form.content, publish=publish
            )

        if _try(form, act):
            messages.success(
                request, _("Recorded and on the public board.") if publish else _("It is recorded.")
            )
            return redirect("campaigns:letter_board_stances", found.uuid)
    context = _list_context(request, access, found, "stances", form)
    return form_page(request, "campaigns/letters/board/stances.html", context)


def _entry(request: HttpRequest, action: UUID, entry: UUID, kind: str) -> tuple[Access, LetterAction, Any]:
    access, found = action_of(request, action)
    rows = with_readable_files(KINDS[kind][0](found), access.user)
    return access, found, get_object_or_404(rows, uuid=entry)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, action: UUID, entry: UUID, kind: str) -> HttpResponse:
    """Withdraw an entry with a reason."""
    access, found, row = _entry(request, action, entry, kind)
    require_that(may_record(access), _("Those who edit here record what came."))
    _rows_of, back, heading = KINDS[kind]
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if (
        form.is_bound
        and form.is_valid()
        and _try(form, lambda: actions.withdraw_entry(access=access, entry=row, **form.cleaned_data))
    ):
        messages.success(request, _("It is withdrawn. It counts no more, and the reason stays beside it."))
        return redirect(back, found.uuid)
    make_rows = letter_rows if kind == "letters" else entry_rows
    context = board_context(
        access,
        found,
        tab=kind,
        form=form,
        heading=heading,
        row=make_rows([row], get_viewer(request))[0],
        back=back,
    )
    return form_page(request, "campaigns/letters/board/withdraw.html", context)


@member_required
@require_POST
def publish(request: HttpRequest, action: UUID, entry: UUID, kind: str) -> HttpResponseBase:
    """Show an entry on the public board, or take it off (`act` is "end")."""
    access, found, row = _entry(request, action, entry, kind)
    if request.POST.get("act") == "end":
        with flash_result(request, _("It is off the public board.")):
            actions.unpublish_entry(access=access, entry=row)
    else:
        with flash_result(request, _("It stands on the public board now.")):
            actions.publish_entry(access=access, entry=row)
    return redirect(KINDS[kind][1], found.uuid)
