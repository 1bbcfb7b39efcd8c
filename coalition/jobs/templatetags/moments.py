"""Days of the week where templates write them."""

from django import template

from coalition.jobs.moments import within

register = template.Library()
register.filter("within", within)
