"""The one thing nobody inside can do: give the secretariat to its first person."""

from typing import Any

from allauth.account.models import EmailAddress
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from coalition.accounts.actions.memberships import give_office
from coalition.accounts.enums import Language, OfficeKind
from coalition.accounts.models import User
from coalition.accounts.queries import account_for_address, active_offices


class Command(BaseCommand):
    """Makes the account, if there is none, and gives it the office. The password is set by mail."""

    help = "Give the secretariat to its first person; everyone else is invited from inside."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")
        parser.add_argument("--language", choices=Language.values, default=Language.KK.value)

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if active_offices().filter(kind=OfficeKind.SECRETARIAT).exists():
            raise CommandError("There is a secretariat already: it gives its office itself.")
        person = account_for_address(options["email"]) or self._new_account(options)
        give_office(by=None, person=person, kind=OfficeKind.SECRETARIAT)
        self.stdout.write("Done. Set the password at /accounts/password/reset/.")

    def _new_account(self, options: dict[str, Any]) -> User:
        person = User.objects.create_user(
            options["email"], name=options["name"], language=options["language"]
        )
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        return person
