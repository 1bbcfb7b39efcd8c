"""Facts for a text: those that the editor offers, and taking newer words of one."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coalition.http.responses import telling
from coalition.workspaces import access as door
from documents.drafts.access import to_text
from documents.drafts.models.draft import DraftText
from documents.drafts.permissions import may_edit_text, may_suggest_in, require_that
from documents.facts.actions.renew import renew_fact
from documents.facts.inline import run_of, version_named
from documents.facts.localised import line_of
from documents.facts.models import Fact, FactVersion, FactWords
from documents.facts.queries.facts import facts_for, filtered, with_words
from documents.facts.queries.uses import older_in

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


@door.members_only
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


@door.members_only
@require_POST
def renew(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """Put the newest words of a fact in the place of those of `version`."""
    access, text = to_text(request, draft, language)
    version = version_named(request.POST.get("version", ""))
    if version is None:
        return HttpResponse(status=400)
    with telling(request, _("The new words are in the text.")):
        renew_fact(access=access, text=text, version=version)
    return redirect(text)
