from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demo coalition: its data, what seeds it, its start page. Production does not install it."""

    name = "demo"
    label = "demo"
    verbose_name = "Demo coalition"
