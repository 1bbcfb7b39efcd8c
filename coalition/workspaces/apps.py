from django.apps import AppConfig


class WorkspacesConfig(AppConfig):
    name = "coalition.workspaces"
    label = "workspaces"
    verbose_name = "Workspaces"

    def ready(self) -> None:
        # Only now are the models there that these registrations need.
        from coalition import live
        from coalition.partners.access import register_access_change, register_second_factor_need
        from coalition.partners.naming import register_acquaintance
        from coalition.workspaces.desk import waiting_sources
        from coalition.workspaces.domain.access import needs_second_factor, settle
        from coalition.workspaces.freezes import freezes_waiting
        from coalition.workspaces.queries import met_by
        from coalition.workspaces.rules import may_hear_workspace

        register_acquaintance(met_by)
        live.register_topic("workspace", may_hear_workspace)
        register_access_change(settle)
        register_second_factor_need(needs_second_factor)
        waiting_sources.append(freezes_waiting)
