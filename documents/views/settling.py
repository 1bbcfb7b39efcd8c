"""The page of a decision between what I wrote and what was saved in between."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coalition.partners.naming import display_name_for
from coalition.refused import Refused
from coalition.workspaces import door
from coalition.workspaces.people import name_of
from coalition.workspaces.rules import Access
from documents.canonical.compare import compare
from documents.canonical.compare_html import render_comparison
from documents.canonical.errors import CanonicalError
from documents.domain.settle import Outcome
from documents.domain.settle import settle as decide
from documents.domain.words import Words
from documents.domain.write import Conflict
from documents.enums import Handling
from documents.forms import TextForm
from documents.models import DraftText, SetAside
from documents.reading import document_as_it_stands, show_text
from documents.rules import may_edit_text
from documents.views.editor_form import editor_context, start, words_sent, words_typed
from documents.views.entering import to_set_aside


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: HttpRequest, set_aside: UUID) -> HttpResponse:
    """Both texts and their differences; a POST decides (`outcome`)."""
    access, kept = to_set_aside(request, set_aside)
    if request.method != "POST":
        return decision_page(request, access, kept)
    form = TextForm(request.POST)
    wanted = request.POST.get("outcome", "")
    if form.is_valid() and wanted in Outcome.values:
        try:
            return _decide(request, access, kept, form, Outcome(wanted))
        except Refused as refusal:
            form.add_error(None, refusal.message)
    return decision_page(request, access, kept, form, status=422)


def _decide(
    request: HttpRequest, access: Access, kept: SetAside, form: TextForm, outcome: Outcome
) -> HttpResponse:
    result = decide(
        access=access,
        set_aside=kept,
        outcome=outcome,
        seen_revision=form.cleaned_data["base_revision"],
        merged=words_sent(form, mine_of(kept), kept.text.revision) if outcome == Outcome.MERGED else None,
    )
    if isinstance(result, Conflict):
        messages.error(request, _("The text changed again meanwhile. Nothing is lost: look once more."))
        return redirect(result.set_aside)
    said = _("What stands there stays.") if outcome == Outcome.THEIRS else _("Your words are saved.")
    messages.success(request, said)
    return redirect(kept.text)


def mine_of(kept: SetAside) -> Words:
    """The words that were set aside."""
    return {"title": kept.title, "lead": kept.lead, "body": kept.body}


def decision_page(
    request: HttpRequest, access: Access, kept: SetAside, form: TextForm | None = None, *, status: int = 200
) -> HttpResponse:
    """What stands and what was set aside, side by side and compared; a form for each way to decide.

    `form`: what was sent from this page and could not be saved.
    """
    text, viewer, mine = kept.text, door.viewer(request), mine_of(kept)
    words = words_typed(form, mine) if form is not None else mine
    by = organisation = ""
    if text.changed_by and text.changed_for:
        by = name_of(viewer, text.changed_by, text.changed_for)
        organisation = display_name_for(viewer, text.changed_for)
    context = {
        "access": access,
        "workspace": access.workspace,
        "draft": text.draft,
        "text": text,
        "kept": kept,
        "handling": Handling(text.draft.handling),
        "theirs_words": show_text(text, id_prefix="theirs-"),
        "mine_words": show_text(text, mine, id_prefix="mine-"),
        "difference": _difference(text, mine),
        "changed_by": by,
        "changed_organisation": organisation,
        "form": form or start(mine, text.revision),
        "editor": editor_context(text, words),
        "may_edit": may_edit_text(access, text.draft),
    }
    return render(request, "documents/editor/settle.html", context, status=status)


def _difference(text: DraftText, mine: Words) -> str:
    try:
        comparison = compare(document_as_it_stands(text), document_as_it_stands(text, mine))
    except CanonicalError:
        return ""
    return render_comparison(comparison)
