"""Mail that waits, to readers who can be told apart."""

from coalition.mail.outbox import queue_mail


def write(count: int, *, urgent: frozenset[int] = frozenset()) -> None:
    """One to each of so many readers, under the keys `test:0` and so on."""
    for number in range(count):
        queue_mail(
            key=f"test:{number}",
            template="workspaces/seat_given",
            language="kk",
            address=f"reader{number}@tests.example",
            context={"name": "Әлия", "button_url": "https://example.org/"},
            urgent=number in urgent,
        )
