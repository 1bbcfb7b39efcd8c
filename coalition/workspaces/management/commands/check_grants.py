"""`manage.py check_grants`: check guardian's rows against the seats."""

import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.db import transaction

from coalition.workspaces.actions.seats import sync_grants
from coalition.workspaces.models import Workspace


class Command(BaseCommand):
    help = "Compares rights and groups with the seats of all workspaces; exits with 1 on a difference."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fix", action="store_true", help="mend what differs, and exit with 0")

    def handle(self, *, fix: bool, **options: object) -> None:
        found = []
        for workspace in Workspace.objects.all():
            with transaction.atomic():
                found += sync_grants(workspace, fix=fix)
        for difference in found:
            self.stdout.write(difference)
        if not found:
            self.stdout.write("Rights follow from the seats.")
        elif not fix:
            sys.exit(1)
