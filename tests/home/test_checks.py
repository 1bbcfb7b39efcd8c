"""What production says about its settings before it serves."""

import pytest

from home.checks import check_production


@pytest.fixture
def right(settings, tmp_path):
    """Settings about which there is nothing to say."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    settings.SITE_URL = "https://coalition.example"
    settings.ALLOWED_HOSTS = ["coalition.example"]
    settings.NAMES_KEYS, settings.TOTP_KEYS = ["one"], ["two"]
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.MEDIA_ROOT = data / "public"
    settings.DEFAULT_FROM_EMAIL = "no-reply@coalition.example"
    settings.MAILERS = {"default": {"BACKEND": "x", "OPTIONS": {"host": "mail.example", "use_tls": True}}}
    return settings


def told():
    return [finding.msg.split()[0].rstrip(":") for finding in check_production(None)]


def test_what_is_right_is_passed_over(right):
    right.METRICS_ADDRESS = ("127.0.0.1", 9108)
    right.PAGES_KEPT, right.PAGES_TOLD = 60, ["http://127.0.0.1:8081/pages-version"]
    assert told() == []


@pytest.mark.parametrize(
    ("name", "value", "variable"),
    [
        ("ALLOWED_HOSTS", ["*"], "ALLOWED_HOSTS"),
        ("ALLOWED_HOSTS", ["other.example"], "ALLOWED_HOSTS"),
        ("SAFE_EXIT_URL", "http://search.example/", "SAFE_EXIT_URL"),
        ("TOTP_KEYS", ["one"], "NAMES_KEY"),
        ("SECRET_KEY", "one", "SECRET_KEY"),
        ("PAGES_KEPT", 60, "PAGES_TOLD"),
        ("PAGES_TOLD", ["http://127.0.0.1/"], "PAGES_KEPT"),
        ("ALLAUTH_TRUSTED_PROXY_COUNT", 0, "TRUSTED_PROXIES"),
        ("METRICS_ADDRESS", ("0.0.0.0", 9108), "METRICS_ADDRESS"),
        ("METRICS_ADDRESS", ("8.8.8.8", 9108), "METRICS_ADDRESS"),
        ("METRICS_ADDRESS", ("metrics.example", 9108), "METRICS_ADDRESS"),
        ("MAILERS", {"default": {"OPTIONS": {"host": "mail.example"}}}, "EMAIL_URL"),
        ("DEFAULT_FROM_EMAIL", "no-reply@demo.example", "DEFAULT_FROM_EMAIL"),
    ],
)
def test_what_is_dangerous_is_named(right, name, value, variable):
    setattr(right, name, value)
    assert told() == [variable]


def test_a_page_may_not_be_old_and_a_proxy_not_be_far(right):
    right.PAGES_KEPT, right.PAGES_TOLD = 3600, ["https://cdn.example/purge"]
    assert told() == ["PAGES_KEPT", "PAGES_TOLD"]


def test_a_folder_open_to_all_and_a_variable_of_development(right, monkeypatch):
    right.MEDIA_ROOT.parent.chmod(0o755)
    monkeypatch.setenv("DEBUG", "true")
    assert told() == ["DATA_DIR", "DEBUG"]
