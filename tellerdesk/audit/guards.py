"""Triggers for a model's Meta: what is permanent cannot be deleted, by code or by SQL, TRUNCATE included."""

import pgtrigger


def permanent() -> list[pgtrigger.Trigger]:
    return [
        pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        pgtrigger.Trigger(
            name="no_truncate",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            func="RAISE EXCEPTION 'rows of % are permanent', TG_TABLE_NAME;",
        ),
    ]


def append_only() -> list[pgtrigger.Trigger]:
    return [*permanent(), pgtrigger.Protect(name="no_update", operation=pgtrigger.Update)]


def frozen(*fields: str) -> pgtrigger.Trigger:
    """These columns never change once written; the rest of the row may."""
    return pgtrigger.Trigger(
        name="frozen",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange(*fields),
        func="RAISE EXCEPTION 'what is changed here in % never changes', TG_TABLE_NAME;",
    )
