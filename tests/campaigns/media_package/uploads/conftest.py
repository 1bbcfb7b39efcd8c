"""The coordinator of a package, who sends a film."""

import pytest

from tests.campaigns.media_package.builders import Press
from tests.campaigns.media_package.uploads.builders import Sender


@pytest.fixture
def sender(here: Press, client_of) -> Sender:
    return Sender(client_of(here.made.coordinator), here.item())
