"""A form's field as the kind that it is: Django's forms give every field as the plainest of them."""

from collections.abc import Mapping

from django import forms


def typed_field[F: forms.Field](fields: Mapping[str, forms.Field], name: str, kind: type[F]) -> F:
    """The field of this name. Raises TypeError if it is of another kind, KeyError if there is none."""
    field = fields[name]
    if not isinstance(field, kind):
        raise TypeError(f"{name} is a {type(field).__name__}, not a {kind.__name__}")
    return field
