"""A new digest key: the digests of all numbers made anew, and the key put in force, in one moment.

While the bank works, what each digest becomes is written into a table beside (NewDigest). Then, alone with the tables,
what came in meanwhile is added, every digest is replaced, the audit seals the rows anew and the key is put in force,
in one transaction: before it the old key finds everybody, after it the new one. Killed anywhere, it goes on from the
table beside.
"""

from django.db import connections, transaction
from django.utils import timezone
from psycopg2 import sql
from psycopg2.extras import execute_values

from tellerdesk.core.database_roles import OWNER
from tellerdesk.files.turns import alone
from tellerdesk.rotation.errors import RotationRefused
from tellerdesk.rotation.locks import patient, unguarded
from tellerdesk.rotation.seal import refuse_broken
from tellerdesk.rotation.tables import NUMBERS, TABLES, DigestTable, sealed, texts_of
from tellerdesk.rotation.telling import LOCK_SPACE, Tell, entities, tell_all
from tellerdesk.vault.keyring import Keyring
from tellerdesk.vault.models import DataKey
from tellerdesk.vault.services import keyring, keyring_of, make_key, unseal
from tellerdesk.vault.sql import DIGEST_GATE

CHUNK = 2_000  # rows
COLUMNS = {"number_digest", "key_digest"}
CLOSE_GATE = f"SELECT pg_advisory_xact_lock({DIGEST_GATE})"
UNKNOWN = """
SELECT t.id, t.document_type, t.number_ciphertext, t.number_key_id, t.number_digest FROM {table} t
WHERE t.id > {after} AND NOT EXISTS (SELECT FROM rotation_newdigest n WHERE n.old = t.number_digest)
ORDER BY t.id LIMIT {most}
"""
# The planner knows nothing of a table that is just being filled.
BY_INDEX = "SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_seqscan = off"
AS_PLANNED = "RESET enable_hashjoin; RESET enable_mergejoin; RESET enable_seqscan"
REMEMBER = "INSERT INTO rotation_newdigest (old, new, key_id) VALUES %s ON CONFLICT DO NOTHING"
REPLACE = "UPDATE {table} t SET {sets} FROM {sources} WHERE {matches}"


def rotate_digest(tell: Tell) -> None:
    """Raises RotationRefused."""
    with alone(LOCK_SPACE, 0) as ours:
        if not ours:
            raise RotationRefused("another change of keys is under way")
        refuse_tampered(tell)
        key = key_in_preparation()
        with connections[OWNER].cursor() as cursor:
            cursor.execute(BY_INDEX)
            work_out(cursor, key, tell)
            cursor.execute(AS_PLANNED)
            cursor.execute("ANALYZE rotation_newdigest")
        rows = patient(lambda: switch(key, tell), tell)
        tell(f"the digest key {key.pk} is in force: {rows} records")


def key_in_preparation() -> DataKey:
    """That of a change that was begun, else a new one."""
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        begun = DataKey.objects.using(OWNER).filter(purpose=DataKey.Purpose.DIGEST, in_force_at=None)
        key = begun.order_by("pk").last() or make_key(DataKey.Purpose.DIGEST, using=OWNER)
        cursor.execute("DELETE FROM rotation_newdigest WHERE key_id <> %s", [key.pk])
    return key


def refuse_tampered(tell: Tell) -> None:
    """Sealing anew must not cover up what was changed behind the audit's back."""
    for table in sealed(TABLES, COLUMNS):
        tell(f"{table.label}: held against the audit")
        refuse_broken([table.records(entity.pk) for entity in entities()])


def work_out(cursor, key: DataKey, tell: Tell) -> None:
    """What is not known yet of every table; each chunk is kept at once, or with the transaction one is in."""
    old, new = keyring(), keyring_of(key)
    for table in NUMBERS:
        after = done = 0
        while rows := _unknown(cursor, table, after):
            pairs = [pair for row in rows for pair in _pairs(table, row, old, new)]
            remembered = [(before, now, key.pk) for before, now in dict(pairs).items()]
            execute_values(cursor, REMEMBER, remembered, page_size=2 * CHUNK)
            after, done = rows[-1][0], done + len(rows)
            tell(f"{table.label}: {done} worked out")


def _unknown(cursor, table: DigestTable, after: int) -> list[tuple]:
    values = {"table": table.name, "after": sql.Literal(after), "most": sql.Literal(CHUNK)}
    cursor.execute(sql.SQL(UNKNOWN).format(**values))
    return cursor.fetchall()


def _pairs(table: DigestTable, row: tuple, old: Keyring, new: Keyring) -> list[tuple[bytes, bytes]]:
    pk, document_type, ciphertext, key_id, digest = row
    texts = list(texts_of(document_type, unseal(ciphertext, key_id)))
    if old.digest(texts[0]) != bytes(digest):
        raise RotationRefused(f"the digest of {table.label}:{pk} is not that of its number")
    return [(old.digest(text), new.digest(text)) for text in texts]


def switch(key: DataKey, tell: Tell) -> int:
    """The one moment. Raises TablesBusy, and RotationRefused with nothing changed."""
    with unguarded(list(TABLES), first=CLOSE_GATE) as cursor:
        tell("everything that writes numbers waits")
        work_out(cursor, key, tell)
        refuse_tampered(tell)
        rows = sum(_replace(cursor, table) for table in TABLES)
        DataKey.objects.using(OWNER).filter(pk=key.pk).update(in_force_at=timezone.now())
        tell("sealed anew for the audit")
        tell_all("rotation.digest_changed", subject=key, tables=sealed(TABLES, COLUMNS), rows=rows)
        cursor.execute("TRUNCATE rotation_newdigest")
    return rows


def _replace(cursor, table: DigestTable) -> int:
    """Every row, or none. Raises RotationRefused for a digest that belongs to no number."""
    names = [sql.Identifier(column) for column in table.digests]
    aliases = [sql.Identifier(f"n{place}") for place, _ in enumerate(names)]
    both = list(zip(names, aliases, strict=True))
    statement = sql.SQL(REPLACE).format(
        table=table.name,
        sets=sql.SQL(", ").join(sql.SQL("{} = {}.new").format(*pair) for pair in both),
        sources=sql.SQL(", ").join(sql.SQL("rotation_newdigest {}").format(alias) for alias in aliases),
        matches=sql.SQL(" AND ").join(sql.SQL("{1}.old = t.{0}").format(*pair) for pair in both),
    )
    cursor.execute(statement)
    replaced = cursor.rowcount
    cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(table.name))
    if (missing := cursor.fetchone()[0] - replaced) != 0:
        raise RotationRefused(f"{missing} digests of {table.label} belong to no number that is there")
    return replaced
