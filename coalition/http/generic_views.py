"""Generic form view: a valid form calls an action."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.views.generic import FormView

from coalition.core.errors import Refused

if TYPE_CHECKING:
    BaseFormView = FormView[forms.BaseForm]
else:
    BaseFormView = FormView


class ActionFormView(BaseFormView):
    """A form: a valid POST calls `save`, flashes `success_message` and redirects.

    `Refused` becomes an error of the form, or of its field `refusal_field`; an invalid form is answered
    with status 422. Subclasses set `form_class` and `template_name`, load what the URL names in `load`,
    and implement `save` and `get_success_url`.
    """

    success_message: str | Promise = ""
    refusal_field: str | None = None
    http_method_names = ["get", "head", "post"]

    def dispatch(self, *args: Any, **kwargs: Any) -> Any:
        self.load()
        return super().dispatch(*args, **kwargs)

    def load(self) -> None:
        """Set what `self.kwargs` names as attributes. Raises Http404, NotAllowed."""

    def get_instance(self) -> Any:
        """Return the instance of a ModelForm; None for a new one."""
        return None

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        if issubclass(self.get_form_class(), forms.BaseModelForm):
            kwargs["instance"] = self.get_instance()
        return kwargs

    def save(self, form: Any) -> Any:
        """Call the action with the valid form; a returned response replaces the redirect. Raises Refused."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            answer = self.save(form)
        except Refused as refusal:
            return self.refused(form, refusal)
        if self.success_message:
            messages.success(self.request, str(self.success_message))
        return answer if isinstance(answer, HttpResponse) else redirect(self.get_success_url())

    def refused(self, form: Any, refusal: Refused) -> HttpResponse:
        """Return the form with the reason."""
        form.add_error(self.refusal_field, refusal.message)
        return self.form_invalid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)
