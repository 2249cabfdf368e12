"""A migration's way to say which columns of a table every event about a record seals."""

from django.db import migrations


def seal_table(label: str, table_name: str, columns: list[str], *, version: int = 1) -> migrations.RunSQL:
    """`label` is `app.model` in lower case. Changing the list later: call again with the next version."""
    listed = ", ".join(f"'{column}'" for column in columns)
    return migrations.RunSQL(
        "INSERT INTO audit_sealedtable (label, version, table_name, columns) "
        f"VALUES ('{label}', {version}, '{table_name}', ARRAY[{listed}]) ON CONFLICT DO NOTHING",
        migrations.RunSQL.noop,
    )
