"""The language and the clock a person reads the members' area in."""

from django.db import transaction

from coalition.accounts.enums import Language
from coalition.accounts.models import User
from coalition.audit import log


def set_language(*, person: User, language: str) -> User:
    """Pages and mails follow from now on. Raises ValueError for a language the coalition has not."""
    person.language = Language(language)
    person.save(update_fields=["language"])
    return person


@transaction.atomic
def change_person_details(*, person: User, name: str, language: str, time_zone: str, phone: str = "") -> User:
    """What people change about themselves; the address has its own way, since it must be proved."""
    person.name, person.language, person.time_zone = name.strip(), Language(language), time_zone
    person.phone = phone.strip()
    person.save(update_fields=["name", "language", "time_zone", "phone"])
    log.record_audit("person.changed", actor=person, target_kind="person", target=person.uuid)
    return person
