from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "documents"
    label = "documents"
    verbose_name = "Documents"

    def ready(self) -> None:
        # Only now are the models there that these registrations need.
        from coalition.audit.words import register_actions
        from coalition.workspaces.activity_words import register_words
        from coalition.workspaces.desk import waiting_sources, work_sources
        from documents import desk, trail_words

        register_words(trail_words.ACTIVITIES, links={"draft": "documents:draft", "file": "documents:file"})
        register_actions(trail_words.ACTIONS)
        work_sources.append(desk.texts_in_work)
        waiting_sources.append(desk.texts_set_aside)
