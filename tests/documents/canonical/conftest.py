import pytest

from documents.canonical.build import build


@pytest.fixture
def built():
    """Build a text from blocks of the editor, with a title and in Kazakh if nothing else is said."""

    def make(*blocks, **given):
        text = {"title": "Мәлімдеме", "language": "kk", "holding_statement": True, **given}
        return build({"type": "doc", "content": list(blocks)}, **text)

    return make
