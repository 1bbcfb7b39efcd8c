"""The register of helplines at the desk: the list, one line, writing about it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coalition.accounts.views.access import get_person, get_viewer
from coalition.campaigns.helplines.actions.entries import (
    CallNeeded,
    EntryChanged,
    UnlistedName,
    add_helpline,
    stamp_of,
    write_entry,
)
from coalition.campaigns.helplines.content import field_changes, put_content
from coalition.campaigns.helplines.enums import EntryState
from coalition.campaigns.helplines.forms import HelplineForms, NoteForm, ReviewForm, SuspensionForm
from coalition.campaigns.helplines.leaflet import leaflet_choices
from coalition.campaigns.helplines.models import Helpline, HelplineEntry
from coalition.campaigns.helplines.permissions import (
    may_edit_helpline,
    organisations_to_add_for,
    reinstating_organisation,
    require_helpline_editor,
    reviewing_organisation,
    suspending_organisation,
)
from coalition.campaigns.helplines.presenters import helpline_row, helpline_view, person_words
from coalition.campaigns.helplines.queries import (
    HelplineState,
    checks_of,
    earlier_entries,
    entries_to_review,
    helpline_states,
    helplines_for,
    today,
)
from coalition.campaigns.helplines.wording import fields_naming_unlisted
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.access import member_required
from coalition.workspaces.notifications.notify import mark_subjects_read
from coalition.workspaces.permissions import NotAllowed

MOST_CHECKS_SHOWN = 12


@member_required
@require_safe
def helplines(request: HttpRequest) -> HttpResponse:
    """All lines, those of the person's organisations first; out of use with `?retired=1`."""
    viewer, person = get_viewer(request), get_person(request)
    shows_retired = request.GET.get("retired") == "1"
    lines = helplines_for(person).filter(retired_at__isnull=not shows_retired)
    to_review = frozenset(entries_to_review(person).values_list("pk", flat=True))
    states = [one.visible_to(viewer.own) for one in helpline_states(lines)]
    rows = [helpline_row(viewer, one, to_review=to_review) for one in states]
    context = {
        "own": [row for row in rows if row.is_own],
        "others": [row for row in rows if not row.is_own],
        "retired": shows_retired,
        "may_add": bool(viewer.own),
        "leaflets": [] if shows_retired else leaflet_choices(row.state for row in rows),
        "nav_current": "helplines",
    }
    return render(request, "campaigns/helplines/list.html", context)


@member_required
@require_safe
def helpline(request: HttpRequest, helpline: UUID) -> HttpResponse:
    """One line: what the public sees, what is proposed instead, who called when."""
    state = state_or_404(request, helpline)
    mark_subjects_read(request, state.helpline.uuid)
    return render(request, "campaigns/helplines/helpline.html", helpline_context(request, state))


def state_or_404(request: HttpRequest, helpline: UUID) -> HelplineState:
    """Return how a line stands. Raises Http404 for who is no member, as for a line that does not exist."""
    found = get_object_or_404(helplines_for(request.user), uuid=helpline)
    (state,) = helpline_states(Helpline.objects.filter(pk=found.pk))
    return state.visible_to(get_viewer(request).own)


def helpline_context(request: HttpRequest, state: HelplineState, **forms: Any) -> dict[str, Any]:
    """Return the context of `campaigns/helplines/helpline.html`; `forms` are those that were refused."""
    viewer, person = get_viewer(request), get_person(request)
    published, in_work = state.published, state.in_work
    helpline, is_suspended = state.helpline, state.helpline.suspended_at is not None
    is_used = published is not None and helpline.retired_at is None and not is_suspended
    may_edit = may_edit_helpline(person, helpline)
    may_review = (
        in_work is not None
        and in_work.state == EntryState.PROPOSED
        and state.helpline.retired_at is None
        and reviewing_organisation(person, in_work) is not None
    )
    return {
        "row": helpline_row(viewer, state),
        "helpline": state.helpline,
        "published": helpline_view(published, now()) if published else None,
        "publication": _authors(viewer, published),
        "in_work": in_work,
        "proposal": _authors(viewer, in_work),
        "changes": field_changes(published, in_work, today()) if in_work else [],
        "stamp": stamp_of(in_work),
        "may_edit": may_edit,
        "may_review": may_review,
        "checked_today": state.helpline.checked_on == today(),
        "checks": [
            (one.day, person_words(viewer, one.person, one.organisation))
            for one in checks_of(state.helpline)[:MOST_CHECKS_SHOWN]
        ],
        "earlier": [_authors(viewer, one) | {"entry": one} for one in earlier_entries(state.helpline)],
        "review_form": ReviewForm(),
        "names_unlisted": may_review and in_work is not None and bool(fields_naming_unlisted(in_work)),
        "note_form": NoteForm(),
        "suspended_by": person_words(viewer, helpline.suspended_by, helpline.suspended_for),
        "may_suspend": is_used and suspending_organisation(person, helpline) is not None,
        "may_reinstate": is_suspended and reinstating_organisation(person, helpline) is not None,
        "suspension_form": SuspensionForm(),
        "nav_current": "helplines",
        **forms,
    }


def _authors(viewer: Any, entry: Any) -> dict[str, Any]:
    """Return who wrote an entry and who reviewed it, in words."""
    if entry is None:
        return {}
    return {
        "written_by": person_words(viewer, entry.written_by, entry.written_for),
        "written_at": entry.written_at,
        "reviewed_by": person_words(viewer, entry.reviewed_by, entry.reviewed_for),
        "reviewed_at": entry.reviewed_at,
    }


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add a line that an organisation of the person answers for."""
    viewer, person = get_viewer(request), get_person(request)
    owners = organisations_to_add_for(person)
    if not owners:
        raise NotAllowed(_("Members add lines that their own organisation answers for."))
    posted = request.POST if request.method == "POST" else None
    forms = HelplineForms(posted, entry=None, viewer=viewer, organisations=owners)
    if posted is not None and not forms.wants_row and forms.is_valid():
        data = forms.entry.cleaned_data
        try:
            entry = add_helpline(
                person=person,
                organisation=UUID(data.get("organisation") or str(owners[0].uuid)),
                content=forms.content(),
                proposes="propose" in posted,
                has_called=data["has_called"],
            )
        except CallNeeded as refusal:
            forms.entry.add_error("has_called", refusal.message)
        except UnlistedName as refusal:
            for name in refusal.fields:
                forms.entry.add_error(name, refusal.message)
        else:
            return _written(request, entry.helpline, entry.state)
    return _form_page(request, forms, {"is_new": True})


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, helpline: UUID) -> HttpResponse:
    """Write other words: those that are published stay until another organisation has reviewed these."""
    viewer, person = get_viewer(request), get_person(request)
    state = state_or_404(request, helpline)
    require_helpline_editor(person, state.helpline)
    posted = request.POST if request.method == "POST" else None
    saved: dict[str, Any] = {}
    forms = HelplineForms(
        posted, entry=state.in_work or state.published, viewer=viewer, seen=stamp_of(state.in_work)
    )
    if posted is not None and not forms.wants_row and forms.is_valid():
        data = forms.entry.cleaned_data
        try:
            entry = write_entry(
                person=person,
                helpline=state.helpline,
                content=forms.content(),
                seen=data["seen"],
                proposes="propose" in posted,
                has_called=data["has_called"],
            )
        except CallNeeded as refusal:
            forms.entry.add_error("has_called", refusal.message)
        except UnlistedName as refusal:
            for name in refusal.fields:
                forms.entry.add_error(name, refusal.message)
        except EntryChanged as refusal:
            state = state_or_404(request, helpline)
            forms.show_changed(stamp_of(state.in_work))
            saved = _saved_meanwhile(viewer, state, forms)
            forms.entry.add_error(None, refusal.message)
        except Refused as refusal:
            forms.entry.add_error(None, refusal.message)
        else:
            return _written(request, state.helpline, entry.state)
    context = {
        "row": helpline_row(viewer, state),
        "helpline": state.helpline,
        "sent_back": state.in_work.review_note if state.in_work else "",
        "saved": saved,
    }
    return _form_page(request, forms, context)


def _saved_meanwhile(viewer: Any, state: HelplineState, forms: HelplineForms) -> dict[str, Any]:
    """Return what is saved now, and where it differs from what was typed into valid forms."""
    saved, typed = state.in_work or state.published, HelplineEntry()
    put_content(typed, forms.content())
    return {**_authors(viewer, saved), "changes": field_changes(saved, typed, today())}


def _form_page(request: HttpRequest, forms: HelplineForms, context: dict[str, Any]) -> HttpResponse:
    wrong = request.method == "POST" and not forms.wants_row
    page = {"forms": forms, "form": forms.entry, "wrong": wrong, "nav_current": "helplines", **context}
    return render(request, "campaigns/helplines/edit.html", page, status=422 if wrong else 200)


def _written(request: HttpRequest, helpline: Helpline, state: str) -> HttpResponse:
    words = _("Saved as a draft. Nobody reviews it until you propose it.")
    if state == EntryState.PROPOSED:
        words = _("Proposed. A representative of another organisation reviews it.")
    messages.success(request, words)
    return redirect("campaigns:helpline", helpline.uuid)
