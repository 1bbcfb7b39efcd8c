import datetime

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "coalition.audit"
    label = "audit"

    def ready(self) -> None:
        # Only now are the models there that these registrations need.
        from coalition.audit.log import forget_persons
        from coalition.clock.due import recur

        recur("audit.forget_persons", forget_persons, every=datetime.timedelta(days=30))
