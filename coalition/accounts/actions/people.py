"""A person's language and time zone in the member area."""

from django.db import transaction

from coalition.accounts.enums import Language
from coalition.accounts.models import User
from coalition.audit import log


def set_language(*, person: User, language: str) -> User:
    """Set the language of pages and mails. Raises ValueError for a language that is not offered."""
    person.language = Language(language)
    person.save(update_fields=["language"])
    return person


@transaction.atomic
def change_person_details(*, person: User, name: str, language: str, time_zone: str, phone: str = "") -> User:
    """Change the person's own details; the address is changed elsewhere, since it must be verified."""
    person.name, person.language, person.time_zone = name.strip(), Language(language), time_zone
    person.phone = phone.strip()
    person.save(update_fields=["name", "language", "time_zone", "phone"])
    log.record_audit("person.changed", actor=person, target_kind="person", target=person.uuid)
    return person
