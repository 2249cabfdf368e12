"""A new key for sealing; with `reseal` what is sealed already is sealed anew, chunk by chunk, while the bank works.

A chunk is one transaction with its event: killed anywhere, it goes on with what still has a former key.
"""

from django.db import transaction
from django.utils import timezone
from psycopg2 import sql
from psycopg2.extras import execute_values

from tellerdesk.audit.bulk import Records, broken_records, record_many
from tellerdesk.core.database_roles import OWNER
from tellerdesk.files.turns import alone
from tellerdesk.rotation.errors import RotationRefused
from tellerdesk.rotation.locks import patient, unguarded
from tellerdesk.rotation.tables import NUMBERS, DigestTable, sealed
from tellerdesk.rotation.telling import LOCK_SPACE, Tell, entities, tell_all
from tellerdesk.staff.models import LegalEntity
from tellerdesk.staff.system import System
from tellerdesk.vault.models import DataKey
from tellerdesk.vault.services import keyring, make_key, unseal

CHUNK = 500  # rows
FORMER = """
SELECT t.id, t.number_ciphertext, t.number_key_id FROM {table} t
WHERE t.number_key_id <> {key} AND {entity} = {legal_entity} ORDER BY t.id LIMIT {most} FOR UPDATE OF t
"""
RESEAL = """
UPDATE {table} t SET number_ciphertext = v.ciphertext, number_key_id = {key}
FROM (VALUES %s) v(id, ciphertext) WHERE t.id = v.id
"""


def rotate_seal(tell: Tell, *, reseal: bool = False, new_key: bool = True) -> None:
    """Raises RotationRefused. Without `new_key` only what was begun goes on."""
    with alone(LOCK_SPACE, 0) as ours:
        if not ours:
            raise RotationRefused("another change of keys is under way")
        if new_key:
            tell(f"sealing with the key {begin().pk} from now on")
        if reseal:
            seal_all_anew(tell)


def begin() -> DataKey:
    with transaction.atomic(using=OWNER):
        key = make_key(DataKey.Purpose.SEAL, in_force_at=timezone.now(), using=OWNER)
        tell_all("rotation.seal_changed", subject=key)
    return key


def seal_all_anew(tell: Tell) -> None:
    key = DataKey.objects.using(OWNER).get(pk=keyring().seal_key_id)
    for table in NUMBERS:
        is_sealed = table in sealed(NUMBERS, {"number_ciphertext"})
        for entity in entities():
            done = 0
            while count := patient(lambda t=table, e=entity, s=is_sealed: seal_chunk(t, e, key, is_sealed=s), tell):
                done += count
                tell(f"{table.label} of {entity.code}: {done} sealed anew")


def seal_chunk(table: DigestTable, entity: LegalEntity, key: DataKey, *, is_sealed: bool) -> int:
    """How many rows. Raises TablesBusy, and RotationRefused where a row is not as the audit knows it."""
    with unguarded([table]) as cursor:
        values = {"table": table.name, "key": sql.Literal(key.pk), "entity": sql.SQL(table.entity)}
        cursor.execute(sql.SQL(FORMER).format(**values, legal_entity=sql.Literal(entity.pk), most=sql.Literal(CHUNK)))
        rows = cursor.fetchall()
        if not rows:
            return 0
        records = [Records(table.label, _ids(rows))] if is_sealed else []
        refuse_broken(records)
        keys = keyring()
        fresh = [(pk, keys.seal(unseal(ciphertext, key_id))) for pk, ciphertext, key_id in rows]
        statement = sql.SQL(RESEAL).format(table=table.name, key=sql.Literal(key.pk))
        execute_values(cursor, statement.as_string(cursor.connection), fresh, page_size=CHUNK)
        detail = {"table": table.label, "rows": len(rows)}
        record_many("rotation.numbers_sealed_anew", subject=key, records=records, by=System(entity), detail=detail)
    return len(rows)


def refuse_broken(records: list[Records]) -> None:
    """A change must not cover up one that was made behind the audit's back."""
    for each in records:
        if broken := broken_records(each):
            shown = ", ".join(broken[:5])
            raise RotationRefused(f"not as the audit knows them (run verify_audit): {shown}")


def _ids(rows) -> sql.Composable:
    return sql.SQL("SELECT unnest({}::bigint[])").format(sql.Literal([row[0] for row in rows]))
