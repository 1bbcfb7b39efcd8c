"""`{{ title|inside_quotes }}`: for titles that a sentence places between quotation marks."""

from django import template
from django.template.defaultfilters import stringfilter

from coalition.core.localized_text import nest_quotes

register = template.Library()
register.filter("inside_quotes", stringfilter(nest_quotes))
