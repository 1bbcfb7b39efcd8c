"""The facts register: the list, one fact with its history and uses, writing one down and changing it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.models import Organisation
from coalition.accounts.naming import display_name_for
from coalition.accounts.views.access import get_person, get_viewer
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.workspaces.access import member_required
from coalition.workspaces.notifications.unread import mark_subjects_read
from documents.drafts.access import to_text
from documents.drafts.models import DraftText
from documents.drafts.permissions import may_edit_text, may_suggest_in, require_that
from documents.facts.actions import (
    bring_back_fact,
    change_fact,
    check_fact,
    create_fact,
    open_fact,
    renew_fact,
    retire_fact,
    saying_of,
)
from documents.facts.content import in_all_languages, line_of, run_of, title_of, version_named
from documents.facts.enums import FactTopic
from documents.facts.forms import CheckForm, FactForm, WhyForm, initial_of
from documents.facts.models import Fact, FactVersion, FactWords
from documents.facts.presenters import entry_rows, fact_row, uses_shown
from documents.facts.queries import (
    facts_for,
    filtered,
    keeping_seat,
    keeping_seats,
    older_in,
    owners_of,
    reads_facts,
    with_words,
)

ON_A_PAGE = 30


@member_required
@require_safe
def facts(request: HttpRequest) -> HttpResponse:
    """Facts in use, the newest first: `?q=`, `?topic=`, `?owner=`, `?due=1`; with `?retired=1` the others."""
    _enter(request)
    viewer, every = get_viewer(request), facts_for(request.user)
    owners = [(str(one.uuid), display_name_for(viewer, one)) for one in owners_of(every)]
    asked = _asked(request, dict(owners))
    found = with_words(filtered(every, **asked))
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    language = get_language() or "kk"
    context = {
        "page": page,
        "rows": [fact_row(viewer, one, language) for one in page.object_list],
        "topics": FactTopic.choices,
        "owners": owners,
        "page_query": _kept(asked),
        "may_add": keeping_seats(get_person(request)).exists(),
        "nav_current": "facts",
        **asked,
    }
    return render(request, "documents/facts/list.html", context)


@member_required
@require_safe
def fact(request: HttpRequest, fact: UUID) -> HttpResponse:
    """One fact: what it says in each language, where it is used, its history."""
    found = to_fact(request, fact)
    mark_subjects_read(request, found.uuid)
    return render(request, "documents/facts/fact.html", fact_context(request, found))


def fact_context(request: HttpRequest, found: Fact, **forms: Any) -> dict[str, Any]:
    """Context of `documents/facts/fact.html`; `forms` are those that were refused."""
    viewer, person, language = get_viewer(request), get_person(request), get_language() or "kk"
    number = found.current.number if found.current else 0
    return {
        "fact": found,
        "row": fact_row(viewer, found, language),
        "title": title_of(found, language),
        "languages": in_all_languages(found.current),
        "entries": entry_rows(viewer, found),
        "uses": uses_shown(person, found),
        "may_keep": keeping_seat(person, found) is not None,
        "wrote_it": bool(found.current and found.current.written_by_id == person.pk),
        "check_form": CheckForm(auto_id="check_%s", initial={"seen": number}),
        "why_form": WhyForm(auto_id="why_%s"),
        "nav_current": "facts",
        **forms,
    }


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Write a fact down."""
    _enter(request)
    person = get_person(request)
    owners: list[Organisation] = list({seat.organisation: None for seat in keeping_seats(person)})
    require_that(bool(owners), _("Editors and coordinators write facts down."))
    form = FactForm(request.POST or None, owners=owners, viewer=get_viewer(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        given = {name: data[name] for name in ("kind", "topic", "next_check")}
        try:
            made = create_fact(person=person, owner=UUID(data["owner"]), saying=form.saying(), **given)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The fact is in the register. Now somebody else checks it."))
            return redirect(made)
    return form_page(request, "documents/facts/edit.html", {"form": form, "nav_current": "facts"})


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, fact: UUID) -> HttpResponse:
    """Change what a fact says; its page shows every version."""
    found, person = to_fact(request, fact), get_person(request)
    require_that(
        keeping_seat(person, found) is not None,
        _("Editors of the organisation that keeps it, and coordinators, change it."),
    )
    saying = saying_of(found.current)
    initial = initial_of(saying) if saying else {}
    initial |= {"kind": found.kind, "topic": found.topic}
    initial["seen"] = found.current.number if found.current else 0
    form = FactForm(
        request.POST or None, owners=[], viewer=get_viewer(request), changes=True, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        given = {name: data[name] for name in ("kind", "topic", "next_check", "why")}
        try:
            change_fact(person=person, fact=found, saying=form.saying(), seen=data["seen"] or 0, **given)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved. Texts that use it are flagged; somebody else checks it."))
            return redirect(found)
    context = {
        "form": form,
        "fact": found,
        "title": title_of(found, get_language() or "kk"),
        "uses": uses_shown(person, found),
        "nav_current": "facts",
    }
    return form_page(request, "documents/facts/edit.html", context)


def to_fact(request: HttpRequest, uuid: UUID) -> Fact:
    """A fact that the person may read, with its words."""
    return get_object_or_404(with_words(facts_for(request.user)), uuid=uuid)


def _enter(request: HttpRequest) -> None:
    if not reads_facts(request.user):
        raise Http404


def _asked(request: HttpRequest, owners: dict[str, str]) -> dict[str, Any]:
    """What the address filters by; what is none of the choices filters nothing."""
    topic, owner = request.GET.get("topic", ""), request.GET.get("owner", "")
    return {
        "words": request.GET.get("q", "")[:100],
        "topic": topic if topic in FactTopic.values else "",
        "owner": owner if owner in owners else "",
        "due": request.GET.get("due") == "1",
        "retired": request.GET.get("retired") == "1",
    }


def _kept(asked: dict[str, Any]) -> str:
    """What the links to other pages of the list carry."""
    names = {"words": "q", "topic": "topic", "owner": "owner", "due": "due", "retired": "retired"}
    kept = {names[name]: "1" if value is True else value for name, value in asked.items() if value}
    said = urlencode(kept)
    return f"{said}&" if said else ""


# --- actions ---
# What one press does to a fact: checked, out of use, back in use, opened to the public.


@member_required
@require_POST
def check(request: HttpRequest, fact: UUID) -> HttpResponse:
    """Say that it was compared with its source, and when to look again."""
    found, form = to_fact(request, fact), CheckForm(request.POST, auto_id="check_%s")
    if form.is_valid():
        data = form.cleaned_data
        with flash_result(request, _("Checked. The next check is on the day that you set.")):
            check_fact(
                person=get_person(request),
                fact=found,
                seen=data["seen"] or 0,
                next_check=data["next_check"],
                note=data["note"],
            )
        return redirect(found)
    context = fact_context(request, found, check_form=form)
    return render(request, "documents/facts/fact.html", context, status=422)


@member_required
@require_POST
def retire(request: HttpRequest, fact: UUID) -> HttpResponse:
    """Take it out of use."""
    found, form = to_fact(request, fact), WhyForm(request.POST, auto_id="why_%s")
    if form.is_valid():
        try:
            retire_fact(person=get_person(request), fact=found, why=form.cleaned_data["why"])
        except Refused as refusal:
            form.add_error("why", refusal.message)
        else:
            return redirect(found)
    context = fact_context(request, found, why_form=form)
    return render(request, "documents/facts/fact.html", context, status=422)


@member_required
@require_POST
def bring_back(request: HttpRequest, fact: UUID) -> HttpResponse:
    """Take it into use again."""
    found = to_fact(request, fact)
    with flash_result(request, _("The fact is in use again.")):
        bring_back_fact(person=get_person(request), fact=found)
    return redirect(found)


@member_required
@require_POST
def open_up(request: HttpRequest, fact: UUID) -> HttpResponse:
    """Give it a page for everyone, with `opened` in the form; without it, no longer."""
    found, opened = to_fact(request, fact), "opened" in request.POST
    words = _("Everyone may read this fact once it is checked.") if opened else _("No longer opened.")
    with flash_result(request, words):
        open_fact(person=get_person(request), fact=found, opened=opened)
    return redirect(found)


# --- in text ---
# Facts for a text: those that the editor offers, and taking newer words of one.


MOST_SHOWN = 40


@dataclass
class Changed:
    """A fact that a text uses in older words: how it stands there, how the register says it now ("" if not in
    this language, or if it is out of use), and where it stands."""

    fact: Fact
    version: UUID
    before: str
    after: str
    in_text: bool = False
    is_put: bool = False
    is_public: bool = False

    @property
    def is_unchecked(self) -> bool:
        return self.fact.checked_id != self.fact.current_id


def changed_facts(text: DraftText) -> list[Changed]:
    """Each older version once: two queries where there is none, four where there are some."""
    found: dict[UUID, Changed] = {}
    for use in older_in(text):
        version, fact = use.fact_version, use.fact_version.fact
        now = None if fact.retired_at else _in(fact.current, text.language)
        before = line_of(_in(version, text.language))
        row = found.setdefault(version.uuid, Changed(fact, version.uuid, before, line_of(now) if now else ""))
        row.in_text |= use.text_id is not None
        row.is_put |= use.is_put
        row.is_public |= use.is_public
    return list(found.values())


def _in(version: FactVersion | None, language: str) -> FactWords | None:
    return next((one for one in version.words.all() if one.language == language), None) if version else None


@member_required
@require_safe
def choices(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """`{"facts": [{id, words, source, checked}]}`: facts in use that have the text's language; `?q=`."""
    access, text = to_text(request, draft, language)
    require_that(may_edit_text(access, text.draft) or may_suggest_in(access, text.draft))
    rows = filtered(facts_for(request.user), words=request.GET.get("q", "")[:100])
    rows = rows.filter(current__words__language=text.language)
    shown = [_choice(one, text.language) for one in with_words(rows)[:MOST_SHOWN]]
    return JsonResponse({"facts": [one for one in shown if one is not None]})


def _choice(fact: Fact, language: str) -> dict[str, Any] | None:
    version = fact.current
    words = _in(version, language)
    if version is None or words is None:
        return None
    checked = fact.checked_id == fact.current_id
    return {**run_of(version, words), "state": "" if checked else _("Not checked by a second person yet")}


@member_required
@require_POST
def renew(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """Put the newest words of a fact in the place of those of `version`."""
    access, text = to_text(request, draft, language)
    version = version_named(request.POST.get("version", ""))
    if version is None:
        return HttpResponse(status=400)
    with flash_result(request, _("The new words are in the text.")):
        renew_fact(access=access, text=text, version=version)
    return redirect(text)
