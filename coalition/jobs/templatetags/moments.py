"""Days of the week where templates write them."""

from django import template

from coalition.jobs.date_formats import weekday_within_sentence

register = template.Library()
register.filter("within", weekday_within_sentence)
