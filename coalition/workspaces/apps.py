from django.apps import AppConfig


class WorkspacesConfig(AppConfig):
    name = "coalition.workspaces"
    label = "workspaces"
    verbose_name = "Workspaces"

    def ready(self) -> None:
        # These registrations need the models, which are loaded only now.
        from coalition import live_push
        from coalition.accounts.naming import register_acquaintance
        from coalition.accounts.registry import register_access_listener, register_second_factor_need
        from coalition.jobs import scheduler
        from coalition.mail.outbox import register_gate
        from coalition.workspaces import retention
        from coalition.workspaces.actions.activity import record_presence
        from coalition.workspaces.actions.seats import coordinator_needs_second_factor, sync_seats
        from coalition.workspaces.dashboard import freezes_waiting, requests_waiting, waiting_sources
        from coalition.workspaces.notifications import deliver
        from coalition.workspaces.notifications.deliver import wake_browser
        from coalition.workspaces.notifications.kinds import describe_workspaces, register_subject
        from coalition.workspaces.notifications.queries import is_still_unread
        from coalition.workspaces.permissions import may_subscribe_workspace
        from coalition.workspaces.queries import acquaintance_of, last_activity, workspaces_for

        register_acquaintance(acquaintance_of)
        live_push.register_topic("workspace", may_subscribe_workspace, last_activity)
        live_push.register_topic("here", may_subscribe_workspace)
        live_push.register_presence("here", record_presence)
        register_access_listener(sync_seats)
        register_second_factor_need(coordinator_needs_second_factor)
        waiting_sources.extend([freezes_waiting, requests_waiting])
        register_gate(is_still_unread)
        register_subject("workspace", visible=workspaces_for, describe=describe_workspaces)
        scheduler.register_handler(deliver.MAIL_WORK, deliver.mail_waiting_notifications)
        scheduler.register_handler(deliver.PUSH_WORK, wake_browser)
        retention.register_workspace_retention()
