"""What is read once a request and kept on it, typed: Django's request has no place of ours."""

from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True)
class RequestSlot[T]:
    """A place on the request, by its name; templates find it there as `request.<name>`."""

    name: str

    def of(self, request: HttpRequest) -> T | None:
        """What was put there, None before."""
        found: T | None = vars(request).get(self.name)
        return found

    def put(self, request: HttpRequest, value: T) -> T:
        """Put it there. Returns it."""
        vars(request)[self.name] = value
        return value
