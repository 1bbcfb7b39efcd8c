"""Views of the facts register: list, detail with history and uses, create, change."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from coalition.accounts.models import Organisation
from coalition.accounts.naming import display_name_for
from coalition.accounts.views.access import get_person, get_viewer
from coalition.core.crypto import parse_uuid
from coalition.core.errors import Refused
from coalition.http.responses import flash_result
from coalition.workspaces.access import member_required
from coalition.workspaces.generic_views import MemberFormView
from coalition.workspaces.notifications.notify import mark_subjects_read
from coalition.workspaces.permissions import Access
from documents.drafts.access import to_text
from documents.drafts.generic_views import document_action
from documents.drafts.models import DraftText
from documents.drafts.permissions import may_edit_text, may_suggest_in, require_that
from documents.facts import actions, queries
from documents.facts.forms import FactCheckForm, FactForm, RetireFactForm, fact_form_initial
from documents.facts.models import (
    Fact,
    FactTopic,
    fact_line,
    fact_run,
    fact_title,
    in_all_languages,
    words_in,
)
from documents.facts.presenters import entry_rows, fact_row, visible_uses

ON_A_PAGE = 30


@member_required
@require_safe
def fact_register(request: HttpRequest) -> HttpResponse:
    """List active facts, newest first: `?q=`, `?topic=`, `?owner=`, `?due=1`; or `?retired=1`."""
    _require_reader(request)
    viewer, every = get_viewer(request), queries.facts_for(request.user)
    owners = [(str(one.uuid), display_name_for(viewer, one)) for one in queries.owners_of(every)]
    # Invalid choices are ignored.
    topic, owner = request.GET.get("topic", ""), request.GET.get("owner", "")
    filters: dict[str, Any] = {
        "words": request.GET.get("q", "")[:100],
        "topic": topic if topic in FactTopic.values else "",
        "owner": owner if owner in dict(owners) else "",
        "due": request.GET.get("due") == "1",
        "retired": request.GET.get("retired") == "1",
    }
    found = queries.prefetch_fact_words(queries.filter_facts(every, **filters))
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    language = get_language() or "kk"
    query = urlencode(
        {
            "q" if name == "words" else name: int(value) if value is True else value
            for name, value in filters.items()
            if value
        }
    )
    context = {
        "page": page,
        "rows": [fact_row(viewer, one, language) for one in page.object_list],
        "topics": FactTopic.choices,
        "owners": owners,
        "page_query": f"{query}&" if query else "",
        "may_add": queries.fact_editing_seats(get_person(request)).exists(),
        "nav_current": "facts",
        **filters,
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
        "may_keep": queries.fact_editing_seat(person, found) is not None,
        "wrote_it": bool(found.current and found.current.written_by_id == person.pk),
        "check_form": FactCheckForm(auto_id="check_%s", initial={"seen": number}),
        "why_form": RetireFactForm(auto_id="why_%s"),
        "nav_current": "facts",
        **forms,
    }


class FactFormView(MemberFormView):
    form_class = FactForm
    template_name = "documents/facts/edit.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"nav_current": "facts"}


class AddFact(FactFormView):
    success_message = _("The fact is in the register. Now somebody else checks it.")

    def load(self) -> None:
        _require_reader(self.request)
        seats = queries.fact_editing_seats(get_person(self.request))
        self.owners: list[Organisation] = list({seat.organisation: None for seat in seats})
        require_that(bool(self.owners), _("Editors and coordinators write facts down."))

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"owners": self.owners, "viewer": get_viewer(self.request)}

    def save(self, form: FactForm) -> HttpResponse:
        owner = UUID(form.cleaned_data["owner"])
        return redirect(actions.create_fact(person=get_person(self.request), owner=owner, **form.arguments))


class EditFact(FactFormView):
    """Change a fact; its page displays every version."""

    success_message = _("Saved. Texts that use it are flagged; somebody else checks it.")

    def load(self) -> None:
        self.fact = to_fact(self.request, self.kwargs["fact"])
        require_that(
            queries.fact_editing_seat(get_person(self.request), self.fact) is not None,
            _("Editors of the organisation that keeps it, and coordinators, change it."),
        )

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"owners": [], "viewer": get_viewer(self.request), "changes": True}

    def get_initial(self) -> dict[str, Any]:
        return fact_form_initial(self.fact)

    def save(self, form: FactForm) -> None:
        person, seen = get_person(self.request), form.cleaned_data["seen"] or 0
        actions.change_fact(person=person, fact=self.fact, seen=seen, **form.arguments)

    def get_success_url(self) -> str:
        return self.fact.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title = fact_title(self.fact, get_language() or "kk")
        uses = visible_uses(get_person(self.request), self.fact)
        return super().get_context_data(**kwargs) | {"fact": self.fact, "title": title, "uses": uses}


def to_fact(request: HttpRequest, uuid: UUID) -> Fact:
    """Return a fact that the person may read, with its words; otherwise Http404."""
    return get_object_or_404(queries.prefetch_fact_words(queries.facts_for(request.user)), uuid=uuid)


def _require_reader(request: HttpRequest) -> None:
    if not queries.may_read_facts(request.user):
        raise Http404


@member_required
@require_POST
def record_fact_check(request: HttpRequest, fact: UUID) -> HttpResponse:
    """Record a comparison with its source, and the day of the next one."""
    found, form = to_fact(request, fact), FactCheckForm(request.POST, auto_id="check_%s")
    if form.is_valid():
        data = form.cleaned_data
        with flash_result(request, str(_("Checked. The next check is on the day that you set."))):
            actions.check_fact(
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
    found, form = to_fact(request, fact), RetireFactForm(request.POST, auto_id="why_%s")
    if form.is_valid():
        try:
            actions.retire_fact(person=get_person(request), fact=found, why=form.cleaned_data["why"])
        except Refused as refusal:
            form.add_error("why", refusal.message)
        else:
            return redirect(found)
    context = fact_context(request, found, why_form=form)
    return render(request, "documents/facts/fact.html", context, status=422)


@document_action(to_fact, success=_("The fact is in use again."))
def restore_to_use(request: HttpRequest, fact: Fact) -> None:
    actions.restore_fact(person=get_person(request), fact=fact)


@document_action(to_fact)
def publish_fact_page(request: HttpRequest, fact: Fact) -> None:
    """Give it a public page if the form has `opened`; otherwise end that."""
    opened = "opened" in request.POST
    actions.set_fact_public(person=get_person(request), fact=fact, opened=opened)
    words = _("Everyone may read this fact once it is checked.") if opened else _("No longer opened.")
    messages.success(request, str(words))


MOST_SHOWN = 40


def changed_facts(text: DraftText) -> list[dict[str, Any]]:
    """Return each outdated version of a fact in a text once, with its places, its words there, and the
    register's words now ("" if it lacks this language or is retired). Two queries if none, else four."""
    rows: dict[UUID, dict[str, Any]] = {}
    for use in queries.outdated_uses_in(text):
        version, fact = use.fact_version, use.fact_version.fact
        now = None if fact.retired_at else words_in(fact.current, text.language)
        row: dict[str, Any] = {
            "fact": fact,
            "version": version.uuid,
            "before": fact_line(words_in(version, text.language)),
            "after": fact_line(now) if now else "",
            "in_text": False,
            "is_put": False,
            "is_public": False,
        }
        row = rows.setdefault(version.uuid, row)
        row["in_text"] |= use.text_id is not None
        row["is_put"] |= use.is_put
        row["is_public"] |= use.is_public
    return list(rows.values())


@member_required
@require_safe
def fact_choices(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """Return `{"facts": [{id, words, source, checked}]}`: active facts in the text's language; `?q=`."""
    access, text = to_text(request, draft, language)
    require_that(may_edit_text(access, text.draft) or may_suggest_in(access, text.draft))
    rows = queries.filter_facts(queries.facts_for(request.user), words=request.GET.get("q", "")[:100])
    rows = rows.filter(current__words__language=text.language)
    choices = []
    for fact in queries.prefetch_fact_words(rows)[:MOST_SHOWN]:
        words = words_in(fact.current, text.language)
        if fact.current is not None and words is not None:
            state = _("Not checked by a second person yet") if fact.is_unchecked else ""
            choices.append({**fact_run(fact.current, words), "state": state})
    return JsonResponse({"facts": choices})


@document_action(to_text, success=_("The new words are in the text."))
def renew_fact_in_text(request: HttpRequest, access: Access, text: DraftText) -> None:
    """Replace the words of `version` by the newest words of its fact."""
    version = parse_uuid(request.POST.get("version", ""))
    if version is None:
        raise BadRequest
    actions.renew_fact(access=access, text=text, version=version)
