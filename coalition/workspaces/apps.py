from django.apps import AppConfig


class WorkspacesConfig(AppConfig):
    name = "coalition.workspaces"
    label = "workspaces"
    verbose_name = "Workspaces"

    def ready(self) -> None:
        # Only now are the models there that these registrations need.
        from coalition import live
        from coalition.accounts.access import register_access_change, register_second_factor_need
        from coalition.accounts.naming import register_acquaintance
        from coalition.jobs import scheduler
        from coalition.mail.outbox import register_gate
        from coalition.workspaces.dashboard import waiting_sources
        from coalition.workspaces.domain import forget_traces
        from coalition.workspaces.domain.access import needs_second_factor, settle
        from coalition.workspaces.domain.presence import beat
        from coalition.workspaces.freezes import freezes_waiting
        from coalition.workspaces.membership_requests import requests_waiting
        from coalition.workspaces.notifications import deliver, push
        from coalition.workspaces.notifications.queries import may_still_be_told
        from coalition.workspaces.notifications.subjects import register_subject
        from coalition.workspaces.notifications.workspace_subject import describe_workspaces
        from coalition.workspaces.queries import last_activity, met_by, workspaces_for
        from coalition.workspaces.rules import may_hear_workspace

        register_acquaintance(met_by)
        live.register_topic("workspace", may_hear_workspace, last_activity)
        live.register_topic("here", may_hear_workspace)
        live.register_presence("here", beat)
        register_access_change(settle)
        register_second_factor_need(needs_second_factor)
        waiting_sources.extend([freezes_waiting, requests_waiting])
        register_gate(may_still_be_told)
        register_subject("workspace", visible=workspaces_for, describe=describe_workspaces)
        scheduler.register(deliver.MAIL, deliver.mail_what_waits)
        scheduler.register(deliver.PUSH, push.wake)
        forget_traces.register()
