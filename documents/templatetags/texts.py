"""Template tags of texts: hashes, languages, and how many people read a draft by a link."""

from django import template
from django.template import Context
from django.urls import reverse

from coalition.accounts.models import Language
from coalition.workspaces.permissions import Access
from documents.canonical.form import short_hash
from documents.drafts.models import Draft
from documents.drafts.permissions import may_see_guests
from documents.guests.queries import counting_links_of

register = template.Library()
register.filter("short_hash", short_hash)


@register.filter
def language_label(code: str) -> str:
    """Return the language's own name."""
    return Language(code).label


@register.inclusion_tag("documents/guests/_count.html", takes_context=True)
def guests_of(context: Context, draft: Draft) -> dict[str, object]:
    """Show how many people read the draft by a link now. Who they are is for editors and coordinators."""
    access: Access | None = getattr(context.get("request"), "access", None)
    count = counting_links_of(draft).count()
    shown = count and access is not None and may_see_guests(access, draft)
    return {"count": count, "url": reverse("documents:guests", args=[draft.uuid]) if shown else ""}
