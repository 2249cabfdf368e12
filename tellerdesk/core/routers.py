from django.conf import settings
from django.db import DEFAULT_DB_ALIAS

from tellerdesk.core.replicas import REPLICA, reading_alias


class MigrateAsOwner:
    """Tables belong to the owner role: the application's alias never migrates."""

    def db_for_read(self, model, **hints):
        """The models of migrations: other packages' migrations name no alias, and would wait for themselves."""
        return "owner" if model.__module__ == "__fake__" else None

    db_for_write = db_for_read

    def allow_migrate(self, db, app_label, **hints):
        return None if db == "owner" else False

    def allow_relation(self, first, second, **hints):
        return True


class ReadFromReplica:
    """While a page is read from the replica, customers, tiers and whom they belong to are; courses, limits, keys, audit
    and logins never. Whether the page may be read at all was decided before, on the primary. What was read on the
    replica is written, and looked up later, on the primary.
    """

    def db_for_read(self, model, instance=None, **hints):
        if model._meta.app_label in settings.READ_FROM_REPLICA and reading_alias() == REPLICA:
            return REPLICA
        return self.db_for_write(model, instance=instance)

    def db_for_write(self, model, instance=None, **hints):
        return DEFAULT_DB_ALIAS if instance is not None and instance._state.db == REPLICA else None
