"""Slugs of published texts: recorded with the text, so that a page elsewhere is detected."""

from documents.publication.models import PublicationText


def record_slug(text: PublicationText, slug: str) -> None:
    """Record the slug of a text's page, in the caller's publishing transaction."""
    text.slug = slug
    text.save(update_fields=["slug"])
