"""`{{ title|inside_quotes }}`: for titles that a sentence puts between quotation marks."""

from django import template

from coalition.core.quotation_marks import nest_quotes

register = template.Library()
register.filter("inside_quotes", nest_quotes)
