"""`{{ number|in_words }}`: a number as the active language writes it: “1 240”."""

from django import template

from coalition.campaigns.counters.presenters import number_in_words

register = template.Library()


@register.filter
def in_words(number: int) -> str:
    """Return the number with spaces that do not break."""
    return number_in_words(number)
