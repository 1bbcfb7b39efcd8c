"""When people's access changes, higher layers are told in the same transaction.

A membership that ends, an organisation that is frozen, an office that is taken away: seats, links and
groups live in layers above this one. They register what they do about it in `AppConfig.ready()`.
"""

from collections.abc import Callable, Iterable

from django.utils.functional import Promise

from coalition.accounts.models import Organisation, User

type AccessListener = Callable[[list[User]], None]
type NeedsSecondFactor = Callable[[User], bool]

_access_listeners: list[AccessListener] = []
_second_factor_rules: list[NeedsSecondFactor] = []


def register_access_listener(changed: AccessListener) -> None:
    """Say what follows when the access of people changed: `changed(people)`, inside the transaction."""
    if changed not in _access_listeners:
        _access_listeners.append(changed)


def notify_access_changed(people: list[User]) -> None:
    """Tell every registered layer. Call inside the transaction, after the rows have changed."""
    for changed in _access_listeners:
        changed(people)


def register_second_factor_need(needs: NeedsSecondFactor) -> None:
    """Name a further role that must have a second factor, for example coordinators of workspaces.

    `needs(person)` costs at most one query: it is asked at every request of people without a factor.
    """
    if needs not in _second_factor_rules:
        _second_factor_rules.append(needs)


def registered_rule_needs_second_factor(person: User) -> bool:
    """Whether any registered layer gives the person a role that needs a second factor."""
    return any(needs(person) for needs in _second_factor_rules)


# --- changes ---
# What follows when an organisation's name changes, or how it may be named.
#
# Higher layers keep texts with names in them (calendars): they register here and write them anew in the
# same transaction, so that a name is gone from them in the same moment.


type OrganisationListener = Callable[[Organisation], None]

_organisation_listeners: list[OrganisationListener] = []


def register_organisation_listener(listener: OrganisationListener) -> None:
    """Register from `AppConfig.ready()`: called inside the transaction, with the saved organisation."""
    if listener not in _organisation_listeners:
        _organisation_listeners.append(listener)


def notify_organisation_changed(organisation: Organisation) -> None:
    """Call everyone who registered."""
    for listener in _organisation_listeners:
        listener(organisation)


# --- subjects ---
# The kinds of text a mandate may be limited to: named by the layer that has texts.


type SubjectChoice = tuple[str, str | Promise]

_subject_choices: list[SubjectChoice] = []


def register_subjects(choices: Iterable[SubjectChoice]) -> None:
    """Say which kinds of text there are, as (value, label)."""
    _subject_choices[:] = choices


def subject_choices() -> list[SubjectChoice]:
    return list(_subject_choices)
