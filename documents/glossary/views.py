"""Views of the glossary: list, search, edit with history, and data for the editor."""

import hashlib
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import parse_etags
from django.utils.translation import get_language, gettext, gettext_lazy as _
from django.views.decorators.http import require_safe

from coalition.accounts.models import Language
from coalition.accounts.naming import Viewer, display_name_for
from coalition.accounts.views.access import get_person, get_viewer
from coalition.workspaces.access import member_required
from coalition.workspaces.generic_views import MemberFormView
from coalition.workspaces.sentence_params import person_name
from documents.drafts.access import access_to_drafts
from documents.drafts.generic_views import document_action
from documents.drafts.models import DraftText, GlossaryField
from documents.drafts.permissions import require_that
from documents.glossary import queries
from documents.glossary.actions import add_term, change_term, remove_term, restore_term
from documents.glossary.models import GlossaryChange, GlossaryTerm


class TermForm(forms.ModelForm[GlossaryTerm]):
    """A term: its field, and for each language its words, words to avoid and a note."""

    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    class Meta:
        model = GlossaryTerm
        fields = queries.FIELDS
        widgets = {f"note_{code}": forms.Textarea for code in queries.LANGUAGES}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language, fields in self.groups():
            for bound in fields:
                bound.field.widget.attrs["lang"] = language.value

    def groups(self) -> list[tuple[Language, list[forms.BoundField]]]:
        """The fields of each language, Kazakh first."""
        return [(one, [self[name] for name in (one, f"avoid_{one}", f"note_{one}")]) for one in Language]

    def validate_unique(self) -> None:
        """Leave equal terms to the action, which compares the words in their stored form."""

    def validate_constraints(self) -> None:
        """Leave them to the action, too."""


ON_A_PAGE = 50


def _term_or_404(request: HttpRequest, uuid: UUID) -> GlossaryTerm:
    return get_object_or_404(queries.all_terms_for(request.user), uuid=uuid)


@member_required
@require_safe
def glossary_page(request: HttpRequest) -> HttpResponse:
    """List terms, sorted in the reader's language; `?q=`, `?field=`; `?removed=1`: removed ones."""
    _require_reader(request)
    query, field = request.GET.get("q", "")[:100], request.GET.get("field", "")
    removed = request.GET.get("removed") == "1"
    terms = queries.all_terms_for(request.user).filter(removed_at__isnull=not removed)
    found = queries.search_terms(terms, words=query, field=field, language=get_language() or "kk")
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    filters = {"q": query, "field": field, "removed": "1" if removed else ""}
    search = urlencode({name: value for name, value in filters.items() if value})
    context = {
        "page": page,
        "query": query,
        "field": field if field in GlossaryField.values else "",
        "fields": GlossaryField.choices,
        "removed": removed,
        "page_query": f"{search}&" if search else "",
        "may_edit": queries.editing_seat(get_person(request)) is not None,
        "nav_current": "glossary",
    }
    return render(request, "documents/glossary/list.html", context)


@member_required
@require_safe
def show_term(request: HttpRequest, term: UUID) -> HttpResponse:
    found = _term_or_404(request, term)
    viewer = get_viewer(request)
    history = Paginator(queries.changes_of(found), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "term": found,
        "languages": [
            (one, *(getattr(found, name) for name in (one, f"avoid_{one}", f"note_{one}")))
            for one in Language
        ],
        "history": [_term_change_row(viewer, change) for change in history.object_list],
        "page": history,
        "may_edit": queries.editing_seat(get_person(request)) is not None,
        "nav_current": "glossary",
    }
    return render(request, "documents/glossary/term.html", context)


class AddTerm(MemberFormView):
    form_class = TermForm
    template_name = "documents/glossary/edit.html"
    success_message = _("The term is in the glossary.")

    def load(self) -> None:
        _require_reader(self.request)
        require_that(
            queries.editing_seat(get_person(self.request)) is not None, _("Coordinators edit the glossary.")
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"nav_current": "glossary"}

    def save(self, form: TermForm) -> HttpResponse:
        return redirect(add_term(person=get_person(self.request), **form.cleaned_data))


class EditTerm(AddTerm):
    success_message = _("Saved.")

    def load(self) -> None:
        self.term = _term_or_404(self.request, self.kwargs["term"])
        super().load()

    def get_initial(self) -> dict[str, Any]:
        newest = queries.changes_of(self.term).values_list("pk", flat=True).first() or 0
        return {**queries.term_fields(self.term), "seen": newest}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"term": self.term}

    def save(self, form: TermForm) -> HttpResponse:
        return redirect(change_term(person=get_person(self.request), term=self.term, **form.cleaned_data))


@document_action(_term_or_404, success=_("The term is taken out. Its history can bring it back."))
def remove_glossary_term(request: HttpRequest, term: GlossaryTerm) -> None:
    """Remove a term; its page explains how to restore it."""
    remove_term(person=get_person(request), term=term)


@document_action(_term_or_404, success=_("The term says again what it said before."))
def restore_glossary_term(request: HttpRequest, term: GlossaryTerm, change: int) -> None:
    """Reset a term to its words before a change."""
    restore_term(person=get_person(request), change=get_object_or_404(queries.changes_of(term), pk=change))


@member_required
@require_safe
def editor_hints_json(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Return the data for hints to people who read drafts here. An unchanged repeat request gets 304."""
    access_to_drafts(request, workspace)
    etag = f'"{hashlib.sha256(queries.glossary_version().encode()).hexdigest()[:20]}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponseNotModified(headers=headers)
    return JsonResponse(queries.editor_hints(queries.terms_for(request.user).order_by("id")), headers=headers)


def _require_reader(request: HttpRequest) -> None:
    if not queries.may_read_glossary(request.user):
        raise Http404


def _term_change_row(viewer: Viewer, change: GlossaryChange) -> dict[str, Any]:
    person, organisation = change.person, change.organisation
    return {
        "change": change,
        "by": person_name(viewer, person, organisation) if person else gettext("Someone who has left"),
        "organisation": display_name_for(viewer, organisation),
        "differences": _differences(change),
    }


def _differences(change: GlossaryChange) -> list[tuple[str, str, str]]:
    """Return the differences: name, old value, new value. Empty for an added or removed term."""
    if not change.before or not change.after:
        return []
    found = []
    for name in queries.FIELDS:
        before, after = (str(state.get(name, "")) for state in (change.before, change.after))
        if name == "field":
            before, after = (str(dict(GlossaryField.choices).get(one, one)) for one in (before, after))
        if before != after:
            found.append((_field_label(name), before, after))
    return found


def _field_label(name: str) -> str:
    what, _underscore, code = name.rpartition("_")
    if name == "field":
        return gettext("Field")
    language = Language(code or name).label
    if what == "avoid":
        return gettext("Avoid (%(language)s)") % {"language": language}
    return gettext("Note (%(language)s)") % {"language": language} if what == "note" else str(language)


def glossary_panel_context(_request: HttpRequest, _text: DraftText) -> dict[str, Any]:
    return {"count": 0}
