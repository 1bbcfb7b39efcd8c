"""Generic form view of the member area."""

from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from coalition.http.generic_views import ActionFormView
from coalition.workspaces.access import member_required


@method_decorator([member_required, never_cache], name="dispatch")
class MemberFormView(ActionFormView):
    """A form of the member area; see `ActionFormView`."""
