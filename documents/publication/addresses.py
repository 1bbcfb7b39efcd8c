"""Where the texts of publications are read: recorded with the text, so that a page elsewhere is noticed."""

from documents.publication.models import PublicationText


def record_slug(text: PublicationText, slug: str) -> None:
    """Record the end of the address of a text's page, in the caller's publishing transaction."""
    text.slug = slug
    text.save(update_fields=["slug"])
