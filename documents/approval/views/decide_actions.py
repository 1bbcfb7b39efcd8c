"""What is sent from the page of the decision: approving, asking for changes, standing aside."""

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coalition.accounts.enums import Language
from coalition.core.errors import Refused
from coalition.workspaces import access
from documents.approval.actions.abstain import abstain, object_to
from documents.approval.actions.approve import approve, ask_changes
from documents.approval.forms.rounds import AsideForm, ReasonForm
from documents.approval.models.rounds import Approval
from documents.approval.queries.rounds import put_languages
from documents.approval.views.decide import answer, to_asked
from documents.drafts.enums import DecisionKind


@access.members_only
@require_POST
@reauthentication_required
def approve_words(request: HttpRequest, round_uuid: UUID, organisation: UUID) -> HttpResponse:
    """Approve the words that were shown: the form carries their hashes."""
    asked, _others = to_asked(request, round_uuid, organisation)
    hashes = dict(_words(words) for words in request.POST.getlist("words"))
    relies = dict(_words(words) for words in request.POST.getlist("relies"))
    try:
        done = approve(
            round_=asked.round,
            organisation=asked.organisation,
            hashes=hashes,
            relies={language: digest for language, digest in relies.items() if language not in hashes},
            person=access.person(request),
        )
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _recorded(done))
    return redirect("documents:decide_for", round_uuid, organisation)


@access.members_only
@require_POST
@reauthentication_required
def ask(request: HttpRequest, round_uuid: UUID, organisation: UUID) -> HttpResponse:
    """Ask for changes in one language, with a reason. What was typed comes back if it is not recorded."""
    asked, all_asked = to_asked(request, round_uuid, organisation)
    form = ReasonForm(request.POST)
    language, digest = _words(request.POST.get("words", ""))
    if language not in put_languages(asked.round):
        raise Http404
    refusal = " ".join(str(error) for errors in form.errors.values() for error in errors)
    if form.is_valid():
        try:
            ask_changes(
                round_=asked.round,
                organisation=asked.organisation,
                language=language,
                digest=digest,
                reason=form.cleaned_data["reason"],
                person=access.person(request),
            )
        except Refused as refused:
            refusal = refused.message
        else:
            messages.success(request, _("Recorded. The coordinators have been told what you ask for."))
            return redirect("documents:decide_for", round_uuid, organisation)
    typed = request.POST.get("reason", "")
    return answer(request, asked, all_asked, language, typed=typed, refusal=refusal)


def _words(value: str) -> tuple[str, str]:
    language, _colon, digest = value.partition(":")
    return language, digest


def _recorded(done: list[Approval]) -> str:
    approved = [one.language for one in done if one.decision == DecisionKind.APPROVED]
    relied = [one.language for one in done if one.decision == DecisionKind.RELIES]
    said = []
    if approved:
        said.append(_("Recorded: approved in %(languages)s.") % {"languages": _names(approved)})
    if relied:
        said.append(
            _("Recorded: relies on the attested translation in %(languages)s.")
            % {"languages": _names(relied)}
        )
    return " ".join(said)


def _names(languages: list[str]) -> str:
    return ", ".join(Language(language).label for language in languages)


@access.members_only
@require_POST
@reauthentication_required
def stand_aside(request: HttpRequest, round_uuid: UUID, organisation: UUID) -> HttpResponse:
    """Abstain from the text, or be against it, in all the languages that were shown. What was typed comes
    back if it is not recorded."""
    asked, all_asked = to_asked(request, round_uuid, organisation)
    form = AsideForm(request.POST, auto_id="aside_%s")
    refusal = " ".join(str(error) for errors in form.errors.values() for error in errors)
    if form.is_valid():
        act = object_to if form.cleaned_data["kind"] == DecisionKind.OBJECTS else abstain
        try:
            act(
                round_=asked.round,
                organisation=asked.organisation,
                hashes=dict(_words(words) for words in request.POST.getlist("words")),
                reason=form.cleaned_data["reason"],
                person=access.person(request),
            )
        except Refused as refused:
            refusal = refused.message
        else:
            messages.success(request, _("Recorded. Your organisation will not stand under this text."))
            return redirect("documents:decide_for", round_uuid, organisation)
    form.errors.clear()  # the one thing that is wrong is said beside what was typed
    form.add_error("reason", refusal)
    shown = [code for code, _hash in map(_words, request.POST.getlist("words"))]
    put = put_languages(asked.round)
    language = next((code for code in put if code in shown), put[0])
    typed = request.POST.get("reason", "")
    return answer(request, asked, all_asked, language, typed=typed, aside=form)
