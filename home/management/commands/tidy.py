"""`manage.py tidy`: list the retention rules, and apply them now, as workers do each day."""

from contextlib import ExitStack
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections, transaction

from coalition.core.retention import RetentionRule, all_retention_rules


class Command(BaseCommand):
    """Prints one line a rule: the number of rows, its name. No content, no name, no address."""

    help = "Forget all that was kept long enough. Workers do it each day; --dry-run tells what would go."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count, and change nothing")
        parser.add_argument("--only", metavar="RULE", action="append", help="this rule (may be repeated)")
        parser.add_argument("--list", action="store_true", help="tell the rules as a table, and run none")

    def handle(self, *args: Any, dry_run: bool, only: list[str] | None, **options: Any) -> None:
        chosen = [one for one in all_retention_rules() if only is None or one.name in only]
        if missing := set(only or ()) - {one.name for one in chosen}:
            raise CommandError(f"No rule is called {', '.join(sorted(missing))}.")
        if options["list"]:
            self.stdout.write("\n".join(rules_table(chosen)))
            return
        for one in chosen:
            self.stdout.write(f"{_count_rule_rows(one) if dry_run else one.forget():>8}  {one.name}")


def rules_table(chosen: list[RetentionRule]) -> list[str]:
    """Return the rules in Markdown, as in docs/running.md."""
    rows = [f"| {one.of} | {one.until} | `{one.name}` |" for one in chosen]
    return ["| what | how long | rule |", "|---|---|---|", *rows]


def _count_rule_rows(one: RetentionRule) -> int:
    """Return the number of rows the rule would affect: it runs and is rolled back, in both databases."""
    with ExitStack() as stack:
        for name in connections:
            stack.enter_context(transaction.atomic(using=name))
        count = one.forget()
        for name in connections:
            transaction.set_rollback(True, using=name)
    return count
