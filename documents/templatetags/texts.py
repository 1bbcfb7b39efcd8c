"""Template filters for the hashes and languages of texts."""

from django import template

from coalition.accounts.models import Language
from documents.canonical.form import short_hash

register = template.Library()
register.filter("short_hash", short_hash)


@register.filter
def language_label(code: str) -> str:
    """Return the language's own name."""
    return Language(code).label
