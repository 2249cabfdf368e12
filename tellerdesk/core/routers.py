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
