"""Command that gives the secretariat office to its first person, which no member can do."""

from typing import Any

from allauth.account.models import EmailAddress
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from coalition.accounts.actions.memberships import give_office
from coalition.accounts.models import Language, OfficeKind, User
from coalition.accounts.queries import account_for_address, active_offices


class Command(BaseCommand):
    """Creates the account, if there is none, and gives it the office. The password is set by mail."""

    help = "Give the secretariat to its first person; everyone else is invited from inside."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")
        parser.add_argument("--language", choices=Language.values, default=Language.KK.value)

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if active_offices().filter(kind=OfficeKind.SECRETARIAT).exists():
            raise CommandError("There is a secretariat already: it gives its office itself.")
        person = account_for_address(options["email"])
        if person is None:
            person = User.objects.create_user(
                options["email"], name=options["name"], language=options["language"]
            )
            EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        give_office(by=None, person=person, kind=OfficeKind.SECRETARIAT)
        self.stdout.write("Done. Set the password at /accounts/password/reset/.")
