from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "documents"
    label = "documents"
    verbose_name = "Documents"

    def ready(self) -> None:
        # Only now are the models there that these registrations need.
        from documents.registry import register_documents

        register_documents()
