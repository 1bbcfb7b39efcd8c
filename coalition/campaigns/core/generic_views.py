"""Generic view of campaigns in the member area."""

from typing import Any

from coalition.accounts.naming import display_name_for
from coalition.accounts.views.access import get_viewer
from documents.drafts.generic_views import WorkspaceFormView


class PrepareFromTextView(WorkspaceFormView):
    """Prepare a page for the public from a published text. The form has a field `publication` and takes the
    `access`; subclasses check the right in `load`."""

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"access": self.access}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {
            "acting_for": display_name_for(get_viewer(self.request), self.access.organisation),
            "has_texts": context["form"].fields["publication"].queryset.exists(),
        }
