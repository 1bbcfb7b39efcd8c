from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "home"
    label = "home"
    verbose_name = "Public site"

    def ready(self) -> None:
        # Only now are the models there that these registrations need.
        from home import publishing
        from home.demo import guard  # noqa: F401  registers its check

        publishing.register()
