"""Media advisory of an event: a trilingual draft generated from its public facts."""

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import override

from coalition.accounts.enums import Language
from coalition.accounts.queries import press_officers_of
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.mail.links import absolute_url
from coalition.workspaces.permissions import Access
from documents.drafts.actions.manage import create_draft
from documents.drafts.actions.texts import TextContent
from documents.drafts.enums import TextKind
from documents.drafts.live.server_edits import edit_text, replace_content
from documents.drafts.permissions import require_that
from documents.models import Draft, DraftText
from events.core import audit as core_audit
from events.core.facts_builder import public_speakers_of
from events.core.locking import lock_event, refuse_cancelled
from events.core.models import Event
from events.core.permissions import may_change
from events.core.queries import registration_of
from events.press.capability import build_press_message


def make_advisory(*, access: Access, event: Event) -> Draft:
    """Create the advisory as a draft and link it as the event's text. It contains public facts
    only: no address reserved for confirmed guests, no speaker without consent. A restricted event
    gives a restricted draft.

    Raises NotAllowed without the right to change the event or to start drafts; Refused if it is
    cancelled or over, or if it already has a text.
    """
    with transaction.atomic():
        locked = lock_event(event)
        require_that(may_change(access, locked), _lazy("Editors and coordinators make the advisory."))
        refuse_cancelled(locked)
        if locked.lasts_until is not None and locked.lasts_until < now():
            raise Refused(_lazy("The event is over."))
        if locked.draft_id is not None:
            raise Refused(_lazy("A text belongs to the event already: change that one."))
        words = {code: build_advisory_texts(locked, code) for code in Language.values}
        draft = create_draft(
            access=access,
            title=words[Language.KK]["title"],
            kind=TextKind.ADVISORY,
            restricted_to=list(locked.restricted_to.all()) if locked.restricted else (),
        )
        for text in draft.texts.all():
            _save_advisory_text(text, words[text.language], access)
        locked.draft = draft
        core_audit.save_event_change(locked, access, "event.advisory_made", draft=str(draft.uuid))
    return draft


def build_advisory_texts(event: Event, language: str) -> TextContent:
    """Return title, lead and body in one language."""
    with override(language):
        said = build_press_message(event, language)
        lead = ". ".join(part for part in (said.when, said.where) if part)
        lines = [
            said.text,
            _("When: %(when)s") % {"when": said.when},
            _("Where: %(where)s") % {"where": said.where} if said.where else "",
            _("The address is told to those who are confirmed.") if event.address_for_confirmed else "",
            *_speaker_lines(event),
            *_press_lines(event),
        ]
        title = _("Invitation to the press: %(title)s") % {"title": said.title}
    return {"title": title, "lead": f"{lead}.", "body": _body([one for one in lines if one])}


def _speaker_lines(event: Event) -> list[str]:
    lines = [f"{one.name}, {one.role}" if one.role else one.name for one in public_speakers_of(event)]
    return [_("Who speaks: %(names)s") % {"names": "; ".join(lines)}] if lines else []


def _press_lines(event: Event) -> list[str]:
    """Return how to register, and the press contact."""
    lines = []
    takes = registration_of(event)
    if takes is not None and takes.stopped_at is None and event.is_public and event.slug:
        link = absolute_url(reverse("press_registration", args=[event.slug]))
        lines.append(_("Press registration: %(address)s") % {"address": link})
    office = press_officers_of(event.organisation).select_related("person").order_by("pk").first()
    if office is not None:
        contact = {"name": office.person.name, "address": office.person.email}
        lines.append(_("Contact for the press: %(name)s, %(address)s") % contact)
    return lines


def _body(paragraphs: list[str]) -> dict[str, Any]:
    parts = [line for words in paragraphs for line in words.split("\n") if line.strip()]
    nodes = [{"type": "paragraph", "content": [{"type": "text", "text": part.strip()}]} for part in parts]
    return {"type": "doc", "content": nodes}


def _save_advisory_text(text: DraftText, words: TextContent, access: Access) -> None:
    edit_text(
        text=text,
        author=access.user,
        organisation=access.organisation,
        change=lambda marked: replace_content(marked, words),
    )
