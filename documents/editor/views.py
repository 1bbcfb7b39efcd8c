"""The editor's page, and the data that its script reads.

A capability adds its tab with one `SidePanel`: a word for the address (`?side=`), a label, a template and a
function `(request, text) -> dict`. The template also has what the page of a text has (`text`, `draft`,
`workspace`, `access`); `count` in the function's answer is shown on the tab. All panels are on the page, one
of them open; a request of htmx with `?side=` gets that panel's words alone, anew.
"""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _, pgettext_lazy
from django.views.decorators.http import require_safe

from coalition.accounts.models import Organisation, User
from coalition.accounts.naming import Viewer, display_mark_for, display_name_for, may_see_name
from coalition.accounts.queries import organisations_with, people_with
from coalition.accounts.views.access import get_viewer
from coalition.realtime.store import current_epoch
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from coalition.workspaces.sentence_params import PersonCircle, person_circle
from documents.approval.views.rounds import timeline
from documents.capability import SidePanel, text_panels
from documents.drafts import presenters as drafts_presenters
from documents.drafts.access import to_draft, to_text
from documents.drafts.actions.manage import mark_up_to_date
from documents.drafts.forms import VersionForm
from documents.drafts.generic_views import document_action
from documents.drafts.live.backend import grant_for
from documents.drafts.live.suggestions import open_suggestions_in
from documents.drafts.models import DraftText, RoundState, TextKind
from documents.drafts.permissions import (
    may_comment,
    may_edit_draft_settings,
    may_edit_text,
    may_name_version,
    may_submit_for_approval,
)
from documents.drafts.queries import texts_of
from documents.editor.queries import known_authors_in
from documents.facts.views import changed_facts
from documents.files.consent import without_ended
from documents.files.queries import pictures_for_draft

# The strings of the editor's script, by part of the script.
EDITOR_MESSAGES: Final[dict[str, Any]] = {
    "state": {
        "opening": _("Opening…"),
        "unreachable": _("No connection to the text: it can be read, not changed."),
        "saving": _("Saving…"),
        "saved": _("Saved {time}"),
        "offline": _("No connection. You can go on; it is sent when the connection is back."),
        "offline-kept": _("No connection. What you write is kept on this device until it is sent."),
        "offline-here": _("No connection. Keep this page open: what you write is on this page only."),
        "back": _("The connection is back."),
        "closed": _("Closed"),
    },
    "refused": {
        "read-only": _("You can read this text now, not change it."),
        "too-large": _("The text has grown too large."),
        "suggest-only": _("You can suggest changes here, not make them."),
        "another-name": _("It would have changed what somebody else suggests."),
        "approved-words": _("Words that others have approved can be moved or taken out, not changed."),
        "other": _("The server did not take it."),
    },
    "people": {
        "unknown": _("Someone who has left"),
        "writes": _("{person}, {organisation}, writes"),
        "reads": _("{person}, {organisation}, reads"),
        "more": _("and {count} more"),
    },
    # `whole` is displayed at the words, `begins` and `ends` are read out around them.
    "suggestion": {
        "insertion": {
            "whole": _("Suggested to add: {person}, {organisation}, {time}"),
            "begins": _("[{person} suggests to add:"),
            "ends": _("end of what is added]"),
        },
        "deletion": {
            "whole": _("Suggested to take out: {person}, {organisation}, {time}"),
            "begins": _("[{person} suggests to take out:"),
            "ends": _("end of what is taken out]"),
        },
        "modification": {
            "whole": _("Suggested to change: {person}, {organisation}, {time}"),
            "begins": _("[{person} suggests to change:"),
            "ends": _("end of the change]"),
        },
    },
    "changes": {
        "everyone": pgettext_lazy("who suggests", "Everyone"),
        "accept": _("Accept"),
        "reject": _("Reject"),
        "takeBack": _("Take back"),
        "show": _("Show in the text"),
        "paragraph": _("Another border of paragraphs"),
        "format": _("Another form:"),
        "blocks": {"paragraph": _("Paragraph"), "heading": _("Heading")},
        "attributes": {
            "level": _("Level"),
            "speaker": _("Who says it"),
            "role": _("Role and organisation"),
            "start": _("First number"),
        },
        "accepted": _("Accepted."),
        "rejected": _("Rejected."),
        "allAccepted": _("All accepted. Undo brings them back."),
        "allRejected": _("All rejected. Undo brings them back."),
        "none": _("No change is suggested here."),
    },
    "noSuggestion": _(
        "This cannot be suggested here: others have suggested something in it. Write a comment instead."
    ),
    "placeholders": {
        "title": pgettext_lazy("of a text", "Title"),
        "lead": _("Lead: one or two sentences (may stay empty)"),
        "text": _("Write here"),
    },
    "glossary": {"avoid": _("Rather not: {words}")},
    "approved": {
        "label": _("Words that others have approved"),
        "done": _("The approved words are in the text."),
        "failed": _("There is no connection: the words were not put in."),
    },
    "atoms": {"footnote": _("Footnote:"), "source": _("Source:")},
}


# Data of a text's page for the editor's script: live document, the person's identity and
# permissions.

MOST_PICTURES = 200


def text_pane(access: Access, text: DraftText) -> dict[str, Any]:
    """Return a text for a page. Needs `based_on` loaded.

    `config`: for the script; `words`: rendered until the script has the document.
    """
    draft = text.draft
    grant = grant_for(access, draft)
    may_change = grant.may_write or grant.suggests_only
    rows = without_ended(pictures_for_draft(draft).filter(deleted_at=None)).order_by("-id")[:MOST_PICTURES]
    config = {
        "document": str(text.uuid),
        "epoch": current_epoch(text.uuid),
        "language": text.language,
        "label": _("Text, %(language)s") % {"language": text.get_language_display()},
        "me": {"person": str(access.user.uuid), "organisation": str(access.organisation.uuid)},
        "may": {
            "write": grant.may_write,
            "suggest": may_change,
            "comment": may_comment(access, draft),
        },
        "keeps": grant.stays_on_device,
        "files": [
            {
                "id": str(file.uuid),
                "name": file.name,
                "url": reverse("documents:picture", args=[file.uuid]),
                "alt": file.alt,
                "caption": file.caption,
                "credit": file.credit,
            }
            for file in rows
        ],
        "approved": reverse("documents:approved_words", args=[draft.uuid, text.language]),
        "facts": reverse("documents:fact_choices", args=[draft.uuid, text.language]),
    }
    return {
        "text": text,
        "config": config,
        "words": drafts_presenters.render_text_or_error(text),
        "state": drafts_presenters.language_state(text),
        "behind": drafts_presenters.describe_lag(text),
        "is_holding": draft.kind == TextKind.HOLDING,
        "may_write": grant.may_write,
        "may_change": may_change,
    }


@member_required
@require_safe
def people_in_texts(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Return as JSON, as far as the viewer may see:

    `{"people": {uuid: {name, initials}}, "organisations": {uuid: {name, initials, hue}}}`.
    People missing from it have left.
    """
    _access, found = to_draft(request, draft)
    viewer, known = get_viewer(request), known_authors_in(found)
    people = {str(person.uuid): _person_json(viewer, person, of) for person, of in known.people.items()}
    for author in known.imported:
        if author.name:
            circle = drafts_presenters.file_author_name(viewer, author.name, author.organisation)
            people[str(author.uuid)] = {"name": circle.name, "initials": circle.initials}
    organisations = {}
    for organisation in known.organisations:
        mark = display_mark_for(viewer, organisation)
        organisations[str(organisation.uuid)] = {
            "name": mark.name,
            "initials": mark.initials,
            "hue": mark.hue,
        }
    return JsonResponse({"people": people, "organisations": organisations})


def _person_json(viewer: Viewer, person: User, organisations: set[Organisation]) -> dict[str, str]:
    """Return the person's name. Withheld if they act for several organisations, one of them hidden:
    the name would link the two."""
    if len(organisations) > 1 and not all(may_see_name(viewer, one) for one in organisations):
        return {"name": str(_("Somebody of this workspace")), "initials": "?"}
    circle = person_circle(viewer, person, next(iter(organisations)))
    return {"name": circle.name, "initials": circle.initials}


def changes_panel_context(request: HttpRequest, text: DraftText) -> dict[str, Any]:
    """Return the context of the tab: the open suggestions, with the names that the reader may see."""
    found = open_suggestions_in(text.marked) if text.open_suggestions else []
    people = people_with({one.person for one in found if one.person})
    organisations = organisations_with({one.organisation for one in found if one.organisation})
    viewer = get_viewer(request)
    cards = []
    for one in found:
        person = people.get(one.person) if one.person else None
        organisation = organisations.get(one.organisation) if one.organisation else None
        circle = PersonCircle("?", 0, str(_("Someone who has left")))
        if person is not None and organisation is not None:
            circle = person_circle(viewer, person, organisation)
        name = display_name_for(viewer, organisation) if organisation else ""
        cards.append({"suggestion": one, "circle": circle, "organisation": name})
    return {"count": text.open_suggestions, "cards": cards}


def _panel_tab(
    panel: SidePanel, request: HttpRequest, text: DraftText, page: dict[str, Any], *, is_open: bool
) -> dict[str, Any]:
    """Return a tab with its rendered panel."""
    context = {**page, **import_string(panel.context)(request, text)}
    words = render_to_string(panel.template, context, request)
    return {"panel": panel, "count": context.get("count"), "is_open": is_open, "words": words}


@member_required
@require_safe
def edit_text_page(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """Render the text: live for writing, static for reading; `?beside=`: a second language."""
    access, found = to_text(request, draft, language)
    tabs = drafts_presenters.language_tabs(found)
    context = drafts_presenters.draft_context(access, found.draft) | {
        "text": found,
        "tabs": tabs,
        "languages_beside": [tab for tab in tabs if not tab["current"]],
        "may_edit": may_edit_text(access, found.draft),
        "steps": timeline(found.draft),
        "may_tend": may_edit_draft_settings(access, found.draft),
        "may_name": may_name_version(access, found.draft),
        "may_put": may_submit_for_approval(access, found.draft),
        "round": found.draft.rounds.filter(state=RoundState.OPEN).first(),
        "version_form": VersionForm(auto_id="version_%s"),
        "based_on": found.based_on,
        "is_older": drafts_presenters.language_state(found) == "older",
        "behind": drafts_presenters.describe_lag(found),
    }
    panels = {panel.key: panel for panel in text_panels()}
    key = request.GET.get("side", "")
    if request.headers.get("HX-Request") and "side" in request.GET:
        if key not in panels:
            raise Http404
        return HttpResponse(_panel_tab(panels[key], request, found, context, is_open=True)["words"])
    pane, other = text_pane(access, found), _pane_beside(access, found, request.GET.get("beside", ""))
    key = key if key in panels else next(iter(panels))
    context |= {
        "pane": pane,
        "panes": [pane] if other is None else [pane, other],
        "other": other,
        "alone": other is None,
        "script": {
            "words": EDITOR_MESSAGES,
            "icons": static("icons.svg"),
            "people": reverse("documents:people", args=[found.draft.uuid]),
            "glossary": reverse("documents:glossary_hints", args=[found.draft.workspace.uuid]),
        },
        "changed_facts": changed_facts(found),
        "side_panels": [
            _panel_tab(panel, request, found, context, is_open=panel.key == key) for panel in panels.values()
        ],
    }
    return render(request, "documents/editor/text.html", context)


def _pane_beside(access: Access, found: DraftText, wanted: str) -> dict[str, Any] | None:
    """Return the second language beside the text; None if not requested or missing."""
    other = texts_of(found.draft).filter(language=wanted).exclude(pk=found.pk).first() if wanted else None
    if other is None:
        return None
    other.draft = found.draft
    return text_pane(access, other)


@document_action(to_text)
def confirm_up_to_date(request: HttpRequest, access: Access, text: DraftText) -> None:
    """Mark this translation as up to date with its source."""
    seen = request.POST.get("seen_revision", "")
    if seen.isdecimal() and len(seen) < 10:
        mark_up_to_date(access=access, text=text, seen_revision=int(seen))
        messages.success(request, _("This text counts as up to date."))
