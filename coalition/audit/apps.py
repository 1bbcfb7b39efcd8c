from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "coalition.audit"
    label = "audit"

    def ready(self) -> None:
        # Only now are the models there that these registrations need.
        from coalition.audit.log import anonymise_old_entries
        from coalition.core.retention import register_retention_rule

        register_retention_rule(
            "audit.forget_persons",
            anonymise_old_entries,
            of="audit.AuditEntry: actor, and people to whom something was done",
            until="AUDIT_PERSON_MONTHS; then organisation and role",
        )
