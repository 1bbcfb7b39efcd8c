"""Template tag for an organisation as the viewer of the page may see it."""

from django import template
from django.template import Context

from coalition.accounts.models import Organisation
from coalition.accounts.naming import OrganisationMark, display_mark_for
from coalition.accounts.views.access import get_viewer

register = template.Library()


@register.simple_tag(takes_context=True)
def organisation_mark(context: Context, organisation: Organisation) -> OrganisationMark:
    """Return the name and avatar: `{% organisation_mark organisation as mark %}`."""
    return display_mark_for(get_viewer(context["request"]), organisation)
