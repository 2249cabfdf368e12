from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "tellerdesk.vault"
    label = "vault"
