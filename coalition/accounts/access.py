"""When people's access changes, higher layers are told in the same transaction.

A membership that ends, an organisation that is frozen, an office that is taken away: seats, links and
groups live in layers above this one. They register what they do about it in `AppConfig.ready()`.
"""

from collections.abc import Callable

from coalition.accounts.models import User

type AccessChange = Callable[[list[User]], None]
type NeedsSecondFactor = Callable[[User], bool]

_changes: list[AccessChange] = []
_needs: list[NeedsSecondFactor] = []


def register_access_change(changed: AccessChange) -> None:
    """Say what follows when the access of people changed: `changed(people)`, inside the transaction."""
    if changed not in _changes:
        _changes.append(changed)


def access_changed(people: list[User]) -> None:
    """Tell every registered layer. Call inside the transaction, after the rows have changed."""
    for changed in _changes:
        changed(people)


def register_second_factor_need(needs: NeedsSecondFactor) -> None:
    """Name a further role that must have a second factor, for example coordinators of workspaces.

    `needs(person)` costs at most one query: it is asked at every request of people without a factor.
    """
    if needs not in _needs:
        _needs.append(needs)


def a_higher_layer_needs_second_factor(person: User) -> bool:
    """Whether any registered layer gives the person a role that needs a second factor."""
    return any(needs(person) for needs in _needs)
