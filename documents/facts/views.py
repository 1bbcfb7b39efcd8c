"""Views of the facts register: list, detail with history and uses, create, change."""

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
    change_fact,
    check_fact,
    create_fact,
    fact_content_of,
    renew_fact,
    restore_fact,
    retire_fact,
    set_fact_public,
)
from documents.facts.content import fact_line, fact_run, fact_title, in_all_languages, version_named
from documents.facts.enums import FactTopic
from documents.facts.forms import FactCheckForm, FactForm, RetireFactForm, fact_form_initial
from documents.facts.models import Fact, FactVersion, FactWords
from documents.facts.presenters import entry_rows, fact_row, visible_uses
from documents.facts.queries import (
    fact_editing_seat,
    fact_editing_seats,
    facts_for,
    filter_facts,
    may_read_facts,
    outdated_uses_in,
    owners_of,
    prefetch_fact_words,
)

ON_A_PAGE = 30


@member_required
@require_safe
def fact_register(request: HttpRequest) -> HttpResponse:
    """List active facts, newest first: `?q=`, `?topic=`, `?owner=`, `?due=1`; or `?retired=1`."""
    _require_reader(request)
    viewer, every = get_viewer(request), facts_for(request.user)
    owners = [(str(one.uuid), display_name_for(viewer, one)) for one in owners_of(every)]
    asked = _filters_from_query(request, dict(owners))
    found = prefetch_fact_words(filter_facts(every, **asked))
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    language = get_language() or "kk"
    context = {
        "page": page,
        "rows": [fact_row(viewer, one, language) for one in page.object_list],
        "topics": FactTopic.choices,
        "owners": owners,
        "page_query": _filter_query(asked),
        "may_add": fact_editing_seats(get_person(request)).exists(),
        "nav_current": "facts",
        **asked,
    }
    return render(request, "documents/facts/list.html", context)


@member_required
@require_safe
def show_fact(request: HttpRequest, fact: UUID) -> HttpResponse:
    """Render one fact: its words in each language, its uses, its history."""
    found = to_fact(request, fact)
    mark_subjects_read(request, found.uuid)
    return render(request, "documents/facts/fact.html", fact_context(request, found))


def fact_context(request: HttpRequest, found: Fact, **forms: Any) -> dict[str, Any]:
    """Return the context of `documents/facts/fact.html`; `forms`: bound forms with errors."""
    viewer, person, language = get_viewer(request), get_person(request), get_language() or "kk"
    number = found.current.number if found.current else 0
    return {
        "fact": found,
        "row": fact_row(viewer, found, language),
        "title": fact_title(found, language),
        "languages": in_all_languages(found.current),
        "entries": entry_rows(viewer, found),
        "uses": visible_uses(person, found),
        "may_keep": fact_editing_seat(person, found) is not None,
        "wrote_it": bool(found.current and found.current.written_by_id == person.pk),
        "check_form": FactCheckForm(auto_id="check_%s", initial={"seen": number}),
        "why_form": RetireFactForm(auto_id="why_%s"),
        "nav_current": "facts",
        **forms,
    }


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_fact(request: HttpRequest) -> HttpResponse:
    """Create a fact."""
    _require_reader(request)
    person = get_person(request)
    owners: list[Organisation] = list({seat.organisation: None for seat in fact_editing_seats(person)})
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
def edit_fact(request: HttpRequest, fact: UUID) -> HttpResponse:
    """Change a fact; its page displays every version."""
    found, person = to_fact(request, fact), get_person(request)
    require_that(
        fact_editing_seat(person, found) is not None,
        _("Editors of the organisation that keeps it, and coordinators, change it."),
    )
    saying = fact_content_of(found.current)
    initial = fact_form_initial(saying) if saying else {}
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
        "title": fact_title(found, get_language() or "kk"),
        "uses": visible_uses(person, found),
        "nav_current": "facts",
    }
    return form_page(request, "documents/facts/edit.html", context)


def to_fact(request: HttpRequest, uuid: UUID) -> Fact:
    """Return a fact that the person may read, with its words; otherwise Http404."""
    return get_object_or_404(prefetch_fact_words(facts_for(request.user)), uuid=uuid)


def _require_reader(request: HttpRequest) -> None:
    if not may_read_facts(request.user):
        raise Http404


def _filters_from_query(request: HttpRequest, owners: dict[str, str]) -> dict[str, Any]:
    """Return the filters from the URL; invalid choices are ignored."""
    topic, owner = request.GET.get("topic", ""), request.GET.get("owner", "")
    return {
        "words": request.GET.get("q", "")[:100],
        "topic": topic if topic in FactTopic.values else "",
        "owner": owner if owner in owners else "",
        "due": request.GET.get("due") == "1",
        "retired": request.GET.get("retired") == "1",
    }


def _filter_query(asked: dict[str, Any]) -> str:
    """Return the query string for links to other pages of the list."""
    names = {"words": "q", "topic": "topic", "owner": "owner", "due": "due", "retired": "retired"}
    kept = {names[name]: "1" if value is True else value for name, value in asked.items() if value}
    said = urlencode(kept)
    return f"{said}&" if said else ""


# --- actions ---
# One-step actions on a fact: check, retire, restore, publish.


@member_required
@require_POST
def record_fact_check(request: HttpRequest, fact: UUID) -> HttpResponse:
    """Record a comparison with its source, and the day of the next one."""
    found, form = to_fact(request, fact), FactCheckForm(request.POST, auto_id="check_%s")
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
def retire_from_use(request: HttpRequest, fact: UUID) -> HttpResponse:
    """Retire the fact."""
    found, form = to_fact(request, fact), RetireFactForm(request.POST, auto_id="why_%s")
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
def restore_to_use(request: HttpRequest, fact: UUID) -> HttpResponse:
    """Restore the fact."""
    found = to_fact(request, fact)
    with flash_result(request, _("The fact is in use again.")):
        restore_fact(person=get_person(request), fact=found)
    return redirect(found)


@member_required
@require_POST
def publish_fact_page(request: HttpRequest, fact: UUID) -> HttpResponse:
    """Give it a public page if the form has `opened`; otherwise end that."""
    found, opened = to_fact(request, fact), "opened" in request.POST
    words = _("Everyone may read this fact once it is checked.") if opened else _("No longer opened.")
    with flash_result(request, words):
        set_fact_public(person=get_person(request), fact=found, opened=opened)
    return redirect(found)


# --- in text ---
# Facts for a text: the editor's choices, and updating an outdated one.


MOST_SHOWN = 40


@dataclass
class ChangedFact:
    """An outdated fact in a text: its words there, the register's words now ("" if it lacks this
    language or is retired), and its places."""

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


def changed_facts(text: DraftText) -> list[ChangedFact]:
    """Return each outdated version once: two queries if there is none, four otherwise."""
    found: dict[UUID, ChangedFact] = {}
    for use in outdated_uses_in(text):
        version, fact = use.fact_version, use.fact_version.fact
        now = None if fact.retired_at else _words_in_language(fact.current, text.language)
        before = fact_line(_words_in_language(version, text.language))
        row = found.setdefault(
            version.uuid, ChangedFact(fact, version.uuid, before, fact_line(now) if now else "")
        )
        row.in_text |= use.text_id is not None
        row.is_put |= use.is_put
        row.is_public |= use.is_public
    return list(found.values())


def _words_in_language(version: FactVersion | None, language: str) -> FactWords | None:
    return next((one for one in version.words.all() if one.language == language), None) if version else None


@member_required
@require_safe
def fact_choices(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """Return `{"facts": [{id, words, source, checked}]}`: active facts in the text's language;
    `?q=`."""
    access, text = to_text(request, draft, language)
    require_that(may_edit_text(access, text.draft) or may_suggest_in(access, text.draft))
    rows = filter_facts(facts_for(request.user), words=request.GET.get("q", "")[:100])
    rows = rows.filter(current__words__language=text.language)
    shown = [_fact_choice(one, text.language) for one in prefetch_fact_words(rows)[:MOST_SHOWN]]
    return JsonResponse({"facts": [one for one in shown if one is not None]})


def _fact_choice(fact: Fact, language: str) -> dict[str, Any] | None:
    version = fact.current
    words = _words_in_language(version, language)
    if version is None or words is None:
        return None
    checked = fact.checked_id == fact.current_id
    return {**fact_run(version, words), "state": "" if checked else _("Not checked by a second person yet")}


@member_required
@require_POST
def renew_fact_in_text(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """Replace the words of `version` by the newest words of its fact."""
    access, text = to_text(request, draft, language)
    version = version_named(request.POST.get("version", ""))
    if version is None:
        return HttpResponse(status=400)
    with flash_result(request, _("The new words are in the text.")):
        renew_fact(access=access, text=text, version=version)
    return redirect(text)
