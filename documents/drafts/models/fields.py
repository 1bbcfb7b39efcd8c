"""Several codes in one column, which the database can look into on every engine."""

from typing import Any

from django.db import models


class CodesField(models.TextField):
    """A list of codes without spaces, kept as " kk ru "; `<field>__contains=" kk "` finds one of them."""

    # What django-stubs reads as the types of the attribute, set and got.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"blank": True, "default": list, **kwargs})

    def from_db_value(self, value: str | None, expression: object, connection: object) -> list[str]:
        return (value or "").split()

    def to_python(self, value: Any) -> Any:
        return value.split() if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, str):  # the words of a lookup
            return value
        return f" {' '.join(value)} " if value else ""
