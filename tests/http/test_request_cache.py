"""What is kept on a request is there for the rest of it, and of no other."""

from django.test import RequestFactory

from coalition.http.responses import RequestSlot


def test_it_is_kept_on_one_request_by_its_name() -> None:
    place, request, other = (
        RequestSlot[list[int]]("numbers"),
        RequestFactory().get("/"),
        RequestFactory().get("/"),
    )
    assert place.of(request) is None
    assert place.put(request, []) == []
    assert place.of(request) == []  # nothing that was found is not the same as nothing kept
    assert request.numbers == []
    assert place.of(other) is None
