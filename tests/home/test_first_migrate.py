"""The first `migrate` of an empty database, with the variables that the guide tells to set."""

from pathlib import Path

import pytest

from tests.broken.product import Product

pytestmark = pytest.mark.slow


def test_nothing_is_logged_while_the_number_of_public_pages_has_no_table(tmp_path: Path) -> None:
    """Migrations of one app, long before the table is made: each of their commits would move the number."""
    product = Product(tmp_path / "site", PAGES_KEPT="60")
    said = product.do("migrate", "clock", "-v0")
    assert "home_pagesversion" not in said
    assert "ERROR" not in said
    assert "Traceback" not in said
