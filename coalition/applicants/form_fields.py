"""Form fields for who asks: a name and an address, checked and filled in by the browser."""

from typing import Any

from django import forms

from coalition.applicants.mailboxes import normalize_domain
from coalition.applicants.validators import MOST_IN_ADDRESS, validate_mail_address, validate_person_name

MOST_IN_NAME = 120


class PersonNameField(forms.CharField):
    """The name of a person, MOST_IN_NAME characters at most."""

    default_validators = [validate_person_name]
    autocomplete = "name"

    def __init__(self, *, max_length: int = MOST_IN_NAME, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"autocomplete": self.autocomplete}


class MailAddressField(forms.EmailField):
    """An e-mail address that is what it looks like; cleaned, its domain is spelled as mail is sent to it."""

    default_validators = [validate_mail_address]
    autocomplete = "email"

    def clean(self, value: Any) -> Any:
        address = super().clean(value)
        return normalize_domain(address) if address else address

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MOST_IN_ADDRESS, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"autocomplete": self.autocomplete}
