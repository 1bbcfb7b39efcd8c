from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.personal_data.apart import second_database


@pytest.fixture
def apart(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """People outside the coalition have a database of their own."""
    with second_database(tmp_path):
        yield
