"""The master key is changed: every data key is wrapped anew in one transaction, then the kept file is replaced.

Whatever moment it is killed at, one of the two keys opens the table and both are where processes look for them
(vault.master); run again, it goes on from there.
"""

from hashlib import sha256

from django.conf import settings
from django.db import connections, transaction
from django.utils import timezone

from tellerdesk.core.database_roles import OWNER
from tellerdesk.core.kept_secrets import keep, kept_now, put_in_place
from tellerdesk.files.turns import alone
from tellerdesk.rotation.errors import RotationRefused
from tellerdesk.rotation.telling import LOCK_SPACE, Tell, tell_all
from tellerdesk.vault.errors import MasterKeyWrong
from tellerdesk.vault.master import FILE, NEW_FILE, cipher_of, new_master, opened, wrap
from tellerdesk.vault.models import DataKey


def rotate_master(tell: Tell) -> None:
    """Raises RotationRefused."""
    with alone(LOCK_SPACE, 0) as ours:
        if not ours:
            raise RotationRefused("another change of keys is under way")
        new = prepared()
        tell(f"{wrap_anew(new)} data keys wrapped with the new master key")
        if settings.MASTER_KEY_IS_KEPT:
            tell(f"the former master key is kept as {replace_file()}: backups made until now need it")
        else:
            tell("set TELLERDESK_MASTER_KEY to the new key and take TELLERDESK_NEW_MASTER_KEY away")


def prepared() -> str:
    """The new master key, standing where every process finds it before it is used."""
    given = settings.NEW_MASTER_KEY
    if not given and not settings.MASTER_KEY_IS_KEPT:
        raise RotationRefused(
            "the master key comes from the environment: set TELLERDESK_NEW_MASTER_KEY everywhere first"
        )
    new = keep(NEW_FILE, given or new_master()) if settings.MASTER_KEY_IS_KEPT else given
    if given and given != new:
        raise RotationRefused(f"{NEW_FILE} of a change that was begun holds another key than TELLERDESK_NEW_MASTER_KEY")
    try:
        cipher_of(new)
    except ValueError as error:
        raise RotationRefused(f"the new master key is no key: {error}") from error
    return new


def wrap_anew(new: str) -> int:
    """How many were wrapped; those that the new key opens already are left."""
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute("LOCK TABLE vault_datakey IN SHARE ROW EXCLUSIVE MODE")
        keys = list(DataKey.objects.using(OWNER).order_by("pk"))
        former = [(key, plain) for key in keys for plain, master in [_opened(key)] if master != new]
        for key, plain in former:
            DataKey.objects.using(OWNER).filter(pk=key.pk).update(wrapped=wrap(plain, new))
        if former:
            tell_all("rotation.master_changed", subject=keys[-1], keys=len(former))
    return len(former)


def _opened(key: DataKey) -> tuple[bytes, str]:
    try:
        return opened(key.wrapped)
    except MasterKeyWrong as error:
        raise RotationRefused(f"no master key opens the data key {key.pk}") from error


def replace_file() -> str:
    """The name under which the former one stays."""
    mark = sha256(kept_now(FILE).encode()).hexdigest()[:8]
    former = f"{FILE}.until-{timezone.localdate():%Y%m%d}-{mark}"
    if kept_now(NEW_FILE):
        put_in_place(NEW_FILE, of=FILE, former=former)
    return former
