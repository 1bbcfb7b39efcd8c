"""A form's field as the kind that it is."""

import pytest
from django import forms

from coalition.core.localized_text import typed_field


class Form(forms.Form):
    place = forms.ChoiceField()


def test_it_is_given_as_its_kind_and_of_another_kind_refused() -> None:
    fields = Form().fields
    assert typed_field(fields, "place", forms.ChoiceField) is fields["place"]
    with pytest.raises(TypeError, match="place is a ChoiceField, not a ModelChoiceField"):
        typed_field(fields, "place", forms.ModelChoiceField)
    with pytest.raises(KeyError):
        typed_field(fields, "nowhere", forms.ChoiceField)
