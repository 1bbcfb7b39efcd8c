"""Registry of listeners for changes of people's access, called in the same transaction.

Seats, links and groups live in higher layers, which must react when a membership ends, an
organisation is frozen or an office is removed. They register in `AppConfig.ready()`.
"""

from collections.abc import Callable, Iterable

from django.utils.functional import Promise

from coalition.accounts.models import Organisation, User

type AccessListener = Callable[[list[User]], None]
type NeedsSecondFactor = Callable[[User], bool]

_access_listeners: list[AccessListener] = []
_second_factor_rules: list[NeedsSecondFactor] = []


def register_access_listener(changed: AccessListener) -> None:
    """Register `changed(people)`, called inside the transaction when people's access has changed."""
    if changed not in _access_listeners:
        _access_listeners.append(changed)


def notify_access_changed(people: list[User]) -> None:
    """Call every registered listener. Call inside the transaction, after the rows have changed."""
    for changed in _access_listeners:
        changed(people)


def register_second_factor_need(needs: NeedsSecondFactor) -> None:
    """Register a further role that requires a second factor, e.g. coordinators of workspaces.

    `needs(person)` costs at most one query: it runs on every request of a person without a factor.
    """
    if needs not in _second_factor_rules:
        _second_factor_rules.append(needs)


def registered_rule_needs_second_factor(person: User) -> bool:
    """Whether any registered layer gives the person a role that requires a second factor."""
    return any(needs(person) for needs in _second_factor_rules)


# Listeners for changes of an organisation's name or listing. Higher layers store texts that contain names
# (calendars). They register here and regenerate them in the same transaction, so that a name disappears
# from them at once.

type OrganisationListener = Callable[[Organisation], None]

_organisation_listeners: list[OrganisationListener] = []


def register_organisation_listener(listener: OrganisationListener) -> None:
    """Register from `AppConfig.ready()`; called inside the transaction with the saved organisation."""
    if listener not in _organisation_listeners:
        _organisation_listeners.append(listener)


def notify_organisation_changed(organisation: Organisation) -> None:
    for listener in _organisation_listeners:
        listener(organisation)


type SubjectChoice = tuple[str, str | Promise]

_subject_choices: list[SubjectChoice] = []


def register_subjects(choices: Iterable[SubjectChoice]) -> None:
    """Register the kinds of text as (value, label)."""
    _subject_choices[:] = choices


def subject_choices() -> list[SubjectChoice]:
    return list(_subject_choices)
