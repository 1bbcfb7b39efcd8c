"""Unique slugs for news."""

from wagtail.models import Page


def free_slug(locale: int, base: str) -> str:
    """Return `base`, or `base` with the first number from 2 on, that no page of the locale
    (primary key) uses, under any parent."""
    taken = set(Page.objects.filter(locale=locale, slug__startswith=base).values_list("slug", flat=True))
    number, slug = 1, base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug
