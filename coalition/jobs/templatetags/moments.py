"""Template filters for weekdays and moments."""

from django import template

from coalition.jobs.date_formats import moment_with_time_zone, weekday_within_sentence

register = template.Library()
register.filter("within", weekday_within_sentence)
register.filter("with_time_zone", moment_with_time_zone)
