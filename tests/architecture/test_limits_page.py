"""docs/limits.md tells the numbers and keys that the code has."""

import re
from importlib import import_module

from django.conf import settings

from tests.architecture.source import ROOT
from tests.deploy.variables import variables

PAGE = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (.+?) \| (\d+)(?: (\w+))? \| `([\w.]+)` \|$", re.MULTILINE)
UNITS = {"MB": 1024**2, "seconds": 1, "hours": 3600, "days": 24 * 3600}
IN_DAYS_AND_MONTHS = ("DAYS", "MONTHS")  # what such names count


def test_every_number_is_the_one_of_the_code() -> None:
    wrong = []
    for what, number, unit, where in ROW.findall(PAGE):
        stated = int(number) * (1 if where.endswith(IN_DAYS_AND_MONTHS) else UNITS.get(unit, 1))
        if (value := _value(where)) != stated:
            wrong.append(f"{what}: the page says {stated}, {where} is {value}")
    assert not wrong, "\n".join(wrong)


def _value(where: str) -> object:
    """Return what the code has under a dotted name; a string that says so where there is nothing."""
    module, _dot, name = where.rpartition(".")
    try:
        return getattr(settings if module == "settings" else import_module(module), name)
    except (ImportError, AttributeError):
        return "not in the code"


def test_the_page_has_its_numbers() -> None:
    assert len(ROW.findall(PAGE)) > 20
    assert "five in five minutes" in PAGE
    assert settings.ACCOUNT_RATE_LIMITS == {
        "login_failed": "10/m/ip,5/5m/key",
        "login_failed_anywhere": "20/10m/key",
        "login_failed_device": "5/5m/key",
        "reset_password": "20/m/ip,3/10m/key",
    }, "the words below the table tell these"


def test_every_key_of_the_environment_is_in_the_table() -> None:
    keys = {name for name in variables() if name.endswith("_KEY")}
    assert len(keys) >= 4
    assert {name for name in keys if f"| `{name}` |" not in PAGE} == set()
