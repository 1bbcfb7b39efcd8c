"""A row of any model with whatever it needs and nothing else: for tests that ask about one of its fields."""

import datetime
import itertools
from typing import Any
from uuid import uuid4

from django.db import models
from django.utils.timezone import localdate

from coalition.core.clock import now

_numbers = itertools.count(1)
# What a constraint of the table demands beside the columns.
_DEMANDED: dict[str, dict[str, Any]] = {"consent.ConsentItem": {"shows_face": True}}


def filled[M: models.Model](model: type[M], **values: Any) -> M:
    """Make the row; what must be there and is not given gets some value of its type, and rows of its own."""
    values = _DEMANDED.get(model._meta.label, {}) | values
    for field in model._meta.concrete_fields:
        given = field.name in values or field.attname in values
        if not (given or field.primary_key or field.null or field.has_default() or field.blank):
            values[field.name] = _some(field)
    return model._default_manager.create(**values)


def _some(field: Any) -> Any:
    if isinstance(field, models.ForeignKey):
        return filled(field.related_model)
    if field.choices:
        return field.choices[0][0]
    for kind, made in (
        (models.DateTimeField, now),
        (models.DateField, lambda: localdate(now())),
        (models.TimeField, lambda: datetime.time(12)),
        (models.UUIDField, uuid4),
        (models.BooleanField, lambda: False),
        (models.IntegerField, lambda: next(_numbers)),
        (models.JSONField, list),
        (models.BinaryField, lambda: b""),
        (models.EmailField, lambda: f"somebody{next(_numbers)}@tests.example"),
        (models.URLField, lambda: f"https://tests.example/{next(_numbers)}"),
        (models.GenericIPAddressField, lambda: "127.0.0.1"),
    ):
        if isinstance(field, kind):
            return made()
    return f"x{next(_numbers)}"[: field.max_length or None]
