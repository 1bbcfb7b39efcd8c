from django.apps import AppConfig


class BackupConfig(AppConfig):
    name = "coalition.backup"
    label = "backup"
