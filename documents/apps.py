from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "documents"
    label = "documents"
    verbose_name = "Documents"

    def ready(self) -> None:
        # Only now are the models there that these registrations need.
        from coalition.audit.words import register_actions
        from coalition.clock.due import register
        from coalition.partners.subjects import register_subjects
        from coalition.workspaces.activity_words import register_words
        from coalition.workspaces.desk import coming_sources, waiting_sources, work_sources
        from documents import approval_words, desk, desk_approvals, trail_words
        from documents.domain.put_to_approval import REMINDER
        from documents.domain.remind import remind
        from documents.enums import TextKind

        register_words(
            trail_words.ACTIVITIES,
            links={"draft": "documents:draft", "file": "documents:file"},
            labels=trail_words.LABELS,
        )
        register_actions(trail_words.ACTIONS)
        work_sources.append(desk.texts_in_work)
        waiting_sources.append(desk.texts_set_aside)
        waiting_sources.extend([desk_approvals.approvals_to_give, desk_approvals.rounds_waiting])
        coming_sources.append(desk_approvals.deadlines)
        register_words(
            approval_words.ACTIVITIES,
            links={"round": "documents:round", "publication": "documents:publication"},
        )
        register_actions(approval_words.ACTIONS)
        register(REMINDER, remind)
        register_subjects(TextKind.choices)
