"""The menu of a text: taking it out as a file, bringing a file back."""

from django import template
from django.template import Context

from coalition.workspaces.permissions import Access
from documents.drafts.models import DraftText
from documents.drafts.permissions import may_export, may_suggest_in
from documents.interchange.formats import FileFormat, SuggestionDisplay
from documents.interchange.queries import incoming_files_waiting, may_import

register = template.Library()


@register.inclusion_tag("documents/interchange/_menu.html", takes_context=True)
def exchange_menu(context: Context, text: DraftText, access: Access) -> dict[str, object]:
    """Kinds of files, what is done with suggestions in them, and files that wait for a look."""
    first = SuggestionDisplay.SUGGESTIONS if text.open_suggestions else SuggestionDisplay.STANDING
    return {
        "csrf_token": context.get("csrf_token"),
        "text": text,
        "draft": text.draft,
        "may_export": may_export(access, text.draft),
        "may_bring_back": may_suggest_in(access, text.draft),
        "formats": FileFormat.choices,
        "views": [(view.value, view.label, view is first) for view in SuggestionDisplay],
        "waiting": [file for file in incoming_files_waiting(text) if may_import(access, file)],
    }
