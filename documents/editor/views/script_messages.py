"""What the editor's script says, in the person's language. Names in braces are filled in there."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def editor_words() -> dict[str, Any]:
    """By part of the script, as it asks for them."""
    return {
        "state": _state(),
        "refused": _refused(),
        "people": {
            "unknown": _("Someone who has left"),
            "writes": _("{person}, {organisation}, writes"),
            "reads": _("{person}, {organisation}, reads"),
            "more": _("and {count} more"),
        },
        "suggestion": _suggestion(),
        "changes": _changes(),
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


def _state() -> dict[str, str]:
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


def _refused() -> dict[str, str]:
    return {
        "read-only": _("You can read this text now, not change it."),
        "too-large": _("The text has grown too large."),
        "suggest-only": _("You can suggest changes here, not make them."),
        "another-name": _("It would have changed what somebody else suggests."),
        "approved-words": _("Words that others have approved can be moved or taken out, not changed."),
        "other": _("The server did not take it."),
    }


def _suggestion() -> dict[str, dict[str, str]]:
    """`whole` is shown at the words, `begins` and `ends` are read out before and after them."""
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


def _changes() -> dict[str, Any]:
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
