from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "tellerdesk.core"
    label = "core"
