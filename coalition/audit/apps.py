from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "coalition.audit"
    label = "audit"

    def ready(self) -> None:
        # Only now are the models there that these registrations need.
        from coalition.audit.log import forget_persons
        from coalition.core.retention import rule

        rule(
            "audit.forget_persons",
            forget_persons,
            of="audit.AuditEntry: actor, and people to whom something was done",
            until="AUDIT_PERSON_MONTHS; then organisation and role",
        )
