"""What import-linter cannot see: only X may call Y, and some things nobody may call."""

import ast
from typing import NamedTuple

import pytest

from tests.architecture.source import mentions, modules, writes


class OnlyCaller(NamedTuple):
    """`names` may be used in `where` alone (nowhere, if empty)."""

    names: frozenset[str]
    where: frozenset[str]
    why: str


def _rule(names: str, *, where: str, why: str) -> OnlyCaller:
    return OnlyCaller(frozenset(names.split()), frozenset(where.split()), why)


USES = {
    "pushes": _rule(
        "group_send",
        where="coalition/live_push.py coalition/realtime/bus.py",
        why="pushes leave through one door, after the commit and on the server's loop",
    ),
    "grants": _rule(
        "assign_perm remove_perm",
        where="coalition/workspaces/actions/seats.py",
        why="guardian's rows are derived from seats",
    ),
    "mail": _rule(
        "send_mail send_mass_mail mail_admins mail_managers EmailMessage EmailMultiAlternatives",
        where="coalition/mail/outbox.py coalition/mail/bounces.py",
        why="mail that is not in the outbox can be lost",
    ),
    "files": _rule(
        "FileResponse",
        where="",
        why="under ASGI it reads the whole file into memory: use an async iterator",
    ),
}
WRITERS = {
    "audit log": _rule(
        "AuditEntry", where="coalition/audit/log.py", why="the audit log is append-only and has one writer"
    ),
    "ledger of cards": _rule(
        "CardMove",
        where="coalition/campaigns/postcards/ledger/actions/moves.py",
        why="the ledger is append-only: reversing entries undo, and every move is checked in one place",
    ),
    "outbox": _rule("OutboxMail", where="coalition/mail/outbox.py", why="one key, one mail"),
}


@pytest.mark.parametrize("rule", USES.values(), ids=USES)
def test_only_the_named_modules_use_it(rule: OnlyCaller) -> None:
    found = [
        f"{path}:{line}: {name}"
        for path, tree in modules().items()
        if path not in rule.where
        for line, name in mentions(tree, rule.names)
    ]
    assert not found, f"{rule.why}:\n" + "\n".join(found)


@pytest.mark.parametrize("rule", WRITERS.values(), ids=WRITERS)
def test_only_the_named_modules_write_it(rule: OnlyCaller) -> None:
    found = [
        f"{path}:{line}: {name}"
        for path, tree in modules().items()
        if path not in rule.where
        for line, name in writes(tree, rule.names)
    ]
    assert not found, f"{rule.why}:\n" + "\n".join(found)


@pytest.mark.parametrize("rule", [*USES.values(), *WRITERS.values()], ids=[*USES, *WRITERS])
def test_the_named_modules_exist(rule: OnlyCaller) -> None:
    """A module that moved would leave a rule that allows nothing and a hole that nobody sees."""
    comes_with_live_drafts = {"coalition/realtime/bus.py"}
    assert not rule.where - modules().keys() - comes_with_live_drafts


def test_lists_of_permitted_things_ignore_global_rights_and_superusers() -> None:
    """`get_objects_for_user` gives a superuser everything unless it is told not to."""
    found = []
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and "get_objects_for_user" in ast.dump(node.func):
                said = {word.arg: ast.unparse(word.value) for word in node.keywords}
                if said.get("accept_global_perms") != "False" or said.get("with_superuser") != "False":
                    found.append(f"{path}:{node.lineno}")
    assert not found


@pytest.mark.parametrize(
    "source",
    [
        "from guardian.shortcuts import assign_perm",
        "layer.group_send('x', {})",
        "async_to_sync(layer.group_send)",
        "grant = shortcuts.remove_perm",
    ],
)
def test_the_search_finds_uses(source: str) -> None:
    assert list(mentions(ast.parse(source), frozenset({"assign_perm", "remove_perm", "group_send"})))


@pytest.mark.parametrize(
    "source",
    [
        "AuditEntry(action='x').save()",
        "AuditEntry.objects.create()",
        "AuditEntry.objects.filter(a=1).exclude(b=2).delete()",
    ],
)
def test_the_search_finds_writes(source: str) -> None:
    assert list(writes(ast.parse(source), frozenset({"AuditEntry"})))


def test_the_search_lets_reading_pass() -> None:
    assert not list(writes(ast.parse("AuditEntry.objects.filter(a=1).first()"), frozenset({"AuditEntry"})))
