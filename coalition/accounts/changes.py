"""What follows when an organisation's name changes, or how it may be named.

Higher layers keep texts with names in them (calendars): they register here and write them anew in the
same transaction, so that a name is gone from them in the same moment.
"""

from collections.abc import Callable

from coalition.accounts.models import Organisation

type Changed = Callable[[Organisation], None]

_listeners: list[Changed] = []


def on_change(listener: Changed) -> None:
    """Register from `AppConfig.ready()`: called inside the transaction, with the saved organisation."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(organisation: Organisation) -> None:
    """Call everyone who registered."""
    for listener in _listeners:
        listener(organisation)
