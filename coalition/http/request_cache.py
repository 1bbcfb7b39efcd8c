"""Typed values cached on the request, since Django's request has no typed attributes for them."""

from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True)
class RequestSlot[T]:
    """A named slot on the request; templates read it as `request.<name>`."""

    name: str

    def of(self, request: HttpRequest) -> T | None:
        """Return the stored value, None if there is none."""
        found: T | None = vars(request).get(self.name)
        return found

    def put(self, request: HttpRequest, value: T) -> T:
        """Store and return the value."""
        vars(request)[self.name] = value
        return value
