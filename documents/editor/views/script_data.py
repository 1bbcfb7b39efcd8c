"""Strings of the editor's script, in the person's language. The script fills in names in braces."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from coalition.accounts.models import Organisation, User
from coalition.accounts.naming import Viewer, display_mark_for, display_name_for, may_see_name
from coalition.accounts.views.access import get_viewer
from coalition.realtime.log import current_epoch
from coalition.workspaces.access import member_required
from coalition.workspaces.naming import PersonCircle, person_circle
from coalition.workspaces.permissions import Access
from documents.drafts.access import to_draft
from documents.drafts.enums import TextKind
from documents.drafts.live.backend import grant_for
from documents.drafts.live.suggestions import Suggestion, open_suggestions_in
from documents.drafts.models import Draft, DraftText
from documents.drafts.permissions import may_comment
from documents.drafts.presenters import describe_lag, file_author_name, language_state, render_text_or_error
from documents.editor.queries import known_authors_in
from documents.files.queries import pictures_for_draft
from documents.interchange.models import ImportedAuthor


def editor_messages() -> dict[str, Any]:
    """Return the strings, grouped by part of the script."""
    return {
        "state": _state_messages(),
        "refused": _refusal_messages(),
        "people": {
            "unknown": _("Someone who has left"),
            "writes": _("{person}, {organisation}, writes"),
            "reads": _("{person}, {organisation}, reads"),
            "more": _("and {count} more"),
        },
        "suggestion": _suggestion_messages(),
        "changes": _changes_messages(),
        "noSuggestion": _(
            "This cannot be suggested here: others have suggested something in it. Write a comment instead."
        ),
        "placeholders": {
            "title": pgettext("of a text", "Title"),
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


def _state_messages() -> dict[str, str]:
    return {
        "opening": _("Opening…"),
        "unreachable": _("No connection to the text: it can be read, not changed."),
        "saving": _("Saving…"),
        "saved": _("Saved {time}"),
        "offline": _("No connection. You can go on; it is sent when the connection is back."),
        "offline-kept": _("No connection. What you write is kept on this device until it is sent."),
        "offline-here": _("No connection. Keep this page open: what you write is on this page only."),
        "back": _("The connection is back."),
        "closed": _("Closed"),
    }


def _refusal_messages() -> dict[str, str]:
    return {
        "read-only": _("You can read this text now, not change it."),
        "too-large": _("The text has grown too large."),
        "suggest-only": _("You can suggest changes here, not make them."),
        "another-name": _("It would have changed what somebody else suggests."),
        "approved-words": _("Words that others have approved can be moved or taken out, not changed."),
        "other": _("The server did not take it."),
    }


def _suggestion_messages() -> dict[str, dict[str, str]]:
    """Return its strings: `whole` is displayed at the words, `begins` and `ends` are read out
    around them."""
    return {
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
    }


def _changes_messages() -> dict[str, Any]:
    return {
        "everyone": pgettext("who suggests", "Everyone"),
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
    }


def translation_status(text: DraftText) -> dict[str, Any]:
    """Return the context above the tabs: whether the text is older than its source."""
    return {
        "based_on": text.based_on,
        "is_older": language_state(text) == "older",
        "behind": describe_lag(text),
    }


# --- script data ---
# Data of a text's page for the editor's script: live document, the person's identity and
# permissions.


MOST_PICTURES = 200


@dataclass(frozen=True)
class TextPane:
    """One text on the page. `config`: for the script; `words`: rendered until it has the document."""

    text: DraftText
    config: dict[str, Any]
    words: str
    state: str
    behind: str
    is_holding: bool

    @property
    def may_write(self) -> bool:
        return bool(self.config["may"]["write"])

    @property
    def may_change(self) -> bool:
        return bool(self.config["may"]["write"] or self.config["may"]["suggest"])


def text_pane(access: Access, text: DraftText) -> TextPane:
    """Return a text for a page. Needs `based_on` loaded."""
    draft = text.draft
    grant = grant_for(access, draft)
    config = {
        "document": str(text.uuid),
        "epoch": current_epoch(text.uuid),
        "language": text.language,
        "label": _("Text, %(language)s") % {"language": text.get_language_display()},
        "me": {"person": str(access.user.uuid), "organisation": str(access.organisation.uuid)},
        "may": {
            "write": grant.may_write,
            "suggest": grant.may_write or grant.suggests_only,
            "comment": may_comment(access, draft),
        },
        "keeps": grant.stays_on_device,
        "files": insertable_pictures(draft),
        "approved": reverse("documents:approved_words", args=[draft.uuid, text.language]),
        "facts": reverse("documents:fact_choices", args=[draft.uuid, text.language]),
    }
    return TextPane(
        text,
        config,
        render_text_or_error(text),
        language_state(text),
        describe_lag(text),
        draft.kind == TextKind.HOLDING,
    )


def script_context(draft: Draft) -> dict[str, Any]:
    """Return the script's data for the whole page: its strings, its icons, the URL of names."""
    return {
        "words": editor_messages(),
        "icons": static("icons.svg"),
        "people": reverse("documents:people", args=[draft.uuid]),
        "glossary": reverse("documents:glossary_hints", args=[draft.workspace.uuid]),
    }


def insertable_pictures(draft: Draft) -> list[dict[str, Any]]:
    """Return the pictures that may be inserted into its texts, newest first."""
    rows = pictures_for_draft(draft).filter(deleted_at=None).order_by("-id")[:MOST_PICTURES]
    return [
        {
            "id": str(file.uuid),
            "name": file.name,
            "url": reverse("documents:picture", args=[file.uuid]),
            "alt": file.alt,
            "caption": file.caption,
            "credit": file.credit,
        }
        for file in rows
    ]


# --- people ---
# Names of people in a live text: the document holds UUIDs only, pages request the names here.


@member_required
@require_safe
def people_in_texts(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Return as JSON, as far as the viewer may see:

    `{"people": {uuid: {name, initials}}, "organisations": {uuid: {name, initials, hue}}}`.
    People missing from it have left.
    """
    _access, found = to_draft(request, draft)
    viewer, known = get_viewer(request), known_authors_in(found)
    named = {str(person.uuid): _person_json(viewer, person, of) for person, of in known.people.items()}
    named |= {
        str(author.uuid): _imported_author_json(viewer, author) for author in known.imported if author.name
    }
    organisations = {}
    for organisation in known.organisations:
        mark = display_mark_for(viewer, organisation)
        organisations[str(organisation.uuid)] = {
            "name": mark.name,
            "initials": mark.initials,
            "hue": mark.hue,
        }
    return JsonResponse({"people": named, "organisations": organisations})


def _imported_author_json(viewer: Viewer, author: ImportedAuthor) -> dict[str, str]:
    named = file_author_name(viewer, author.name, author.organisation)
    return {"name": named.name, "initials": named.initials}


def _person_json(viewer: Viewer, person: User, organisations: set[Organisation]) -> dict[str, str]:
    """Return the person's name. Withheld if they act for several organisations, one of them hidden:
    the name would link the two."""
    if len(organisations) > 1 and not all(may_see_name(viewer, one) for one in organisations):
        return {"name": _("Somebody of this workspace"), "initials": "?"}
    circle = person_circle(viewer, person, next(iter(organisations)))
    return {"name": circle.name, "initials": circle.initials}


# --- changes ---
# Tab of suggestions: rendered from the text's row, then updated by the editor's script.


@dataclass(frozen=True)
class SuggestionCard:
    """One open suggestion, with the names that the reader may see."""

    suggestion: Suggestion
    circle: PersonCircle
    organisation: str


def changes_panel_context(request: HttpRequest, text: DraftText) -> dict[str, Any]:
    """Return the context of the tab."""
    found = open_suggestions_in(text.marked) if text.open_suggestions else []
    who = {one.person for one in found if one.person}
    whose = {one.organisation for one in found if one.organisation}
    people = {one.uuid: one for one in User.objects.filter(uuid__in=who)}
    organisations = {one.uuid: one for one in Organisation.objects.filter(uuid__in=whose)}
    viewer = get_viewer(request)
    cards = []
    for one in found:
        person = people.get(one.person) if one.person else None
        organisation = organisations.get(one.organisation) if one.organisation else None
        circle = PersonCircle("?", 0, _("Someone who has left"))
        if person is not None and organisation is not None:
            circle = person_circle(viewer, person, organisation)
        cards.append(
            SuggestionCard(one, circle, display_name_for(viewer, organisation) if organisation else "")
        )
    return {"count": text.open_suggestions, "cards": cards}
