"""What the page of a text tells the editor's script: the live document, who one is in it, what one may do."""

from dataclasses import dataclass
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from coalition.realtime.log import epoch_of
from coalition.workspaces.rules import Access
from documents.drafts.enums import TextKind
from documents.drafts.language_states import state_of
from documents.drafts.models.draft import Draft, DraftText
from documents.drafts.permissions import may_comment
from documents.drafts.rendering import show_text
from documents.editor.live.backend import grant_for
from documents.editor.views.overview import behind
from documents.editor.views.script_messages import editor_words
from documents.files.queries import pictures_for_draft

MOST_PICTURES = 200


@dataclass(frozen=True)
class Pane:
    """One text on the page. `config` is for the script, `words` stand there until it has the document."""

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


def pane_of(access: Access, text: DraftText) -> Pane:
    """A text as it is opened on a page. Needs `based_on` loaded."""
    draft = text.draft
    grant = grant_for(access, draft)
    config = {
        "document": str(text.uuid),
        "epoch": epoch_of(text.uuid),
        "language": text.language,
        "label": _("Text, %(language)s") % {"language": text.get_language_display()},
        "me": {"person": str(access.user.uuid), "organisation": str(access.organisation.uuid)},
        "may": {
            "write": grant.may_write,
            "suggest": grant.may_write or grant.suggests_only,
            "comment": may_comment(access, draft),
        },
        "keeps": grant.stays_on_device,
        "files": pictures(draft),
        "approved": reverse("documents:approved_words", args=[draft.uuid, text.language]),
        "facts": reverse("documents:fact_choices", args=[draft.uuid, text.language]),
    }
    return Pane(text, config, show_text(text), state_of(text), behind(text), draft.kind == TextKind.HOLDING)


def script_context(draft: Draft) -> dict[str, Any]:
    """What the script needs once for the page: its words, its icons, where names are asked for."""
    return {
        "words": editor_words(),
        "icons": static("icons.svg"),
        "people": reverse("documents:people", args=[draft.uuid]),
        "glossary": reverse("documents:glossary_hints", args=[draft.workspace.uuid]),
    }


def pictures(draft: Draft) -> list[dict[str, Any]]:
    """The pictures that may be put into its texts, the newest first."""
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
