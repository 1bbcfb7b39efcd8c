"""Typed access to form fields, which Django types as plain `Field`."""

from collections.abc import Mapping

from django import forms


def typed_field[F: forms.Field](fields: Mapping[str, forms.Field], name: str, kind: type[F]) -> F:
    """Return the field of this name. Raises TypeError if it is of another type, KeyError if missing."""
    field = fields[name]
    if not isinstance(field, kind):
        raise TypeError(f"{name} is a {type(field).__name__}, not a {kind.__name__}")
    return field
