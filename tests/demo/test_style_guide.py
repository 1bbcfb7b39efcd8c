"""Every component is drawn in the style guide with its sample contexts."""

import json
import re

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from demo.views.style_guide import style_guide

ROOT = settings.BASE_DIR
COMPONENTS = ROOT / "templates" / "components"
ICONS = {path.stem for path in (ROOT / "assets" / "icons").glob("*.svg")}

# Parts of the frames: seen on every page, and of no use on their own.
FRAMES = {
    *("editor", "editor_dialogs", "editor_dialog_foot", "font_hints", "form", "language_select", "leave"),
    *("messages", "phone_foot", "rail", "rail_secretariat"),
}


@pytest.fixture
def page() -> str:
    request = RequestFactory().get("/styleguide/")
    request.user = AnonymousUser()
    return style_guide(request).content.decode()


def test_every_component_has_samples() -> None:
    drawn = {path.stem for path in COMPONENTS.glob("*.html")} - FRAMES
    assert drawn == {path.stem for path in COMPONENTS.glob("*.json")}


@pytest.mark.django_db
def test_every_sample_is_drawn(page: str) -> None:
    for path in COMPONENTS.glob("*.json"):
        assert f'id="g-{path.stem}"' in page
        assert json.loads(path.read_text(encoding="utf-8"))["samples"], path.name


@pytest.mark.django_db
def test_a_wrong_field_is_told_to_a_screen_reader(page: str) -> None:
    field = re.search(r'<input[^>]*aria-invalid="true"[^>]*>', page)
    assert field
    described = re.search(r'aria-describedby="([^"]+)"', field[0])
    assert described
    for name in described[1].split():
        assert f'id="{name}"' in page


@pytest.mark.django_db
def test_no_inline_style_or_script(page: str) -> None:
    assert " style=" not in page
    assert not re.search(r"<script(?![^>]* src=)[^>]*>(?!\s*</script>)", page)
    assert not re.search(r"\son\w+=", page)


def test_every_icon_that_a_template_names_exists() -> None:
    named = set()
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        named |= set(re.findall(r'components/icon\.html" with name="([\w-]+)"', text))
        named |= set(re.findall(r'[^_\w]icon="([\w-]+)"', text))
        named |= set(re.findall(r"#i-([\w-]+)\"", text))
    assert named - ICONS == set()
