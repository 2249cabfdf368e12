"""API tokens: the key is shown once; only its digest is kept (staff.authentication reads it)."""

import secrets
from dataclasses import dataclass
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tellerdesk.audit.services import record
from tellerdesk.staff.models import ApiToken, Staff

KEY_BYTES = 32


@dataclass(frozen=True)
class NewToken:
    token: ApiToken
    key: str


@transaction.atomic
def issue_token(*, purpose: str = "", by: Staff) -> NewToken:
    """Valid for settings.TOKEN_LIFETIME, with all that the person may do."""
    key = secrets.token_urlsafe(KEY_BYTES)
    expires_at = timezone.now() + settings.TOKEN_LIFETIME
    token = ApiToken.objects.create(
        staff=by, digest=sha256(key.encode()).digest(), purpose=purpose, expires_at=expires_at
    )
    detail = {"expires_at": timezone.localtime(expires_at).strftime("%Y-%m-%d %H:%M"), "purpose": purpose}
    record("staff.token_issued", subject=by, by=by, detail=detail)
    return NewToken(token, key)


@transaction.atomic
def revoke_token(*, token: ApiToken, by: Staff) -> bool:
    """One's own; False where it was revoked before."""
    done = ApiToken.objects.filter(pk=token.pk, staff=by, revoked_at=None).update(revoked_at=timezone.now())
    if done:
        made = timezone.localtime(token.created_at).strftime("%Y-%m-%d %H:%M")
        record("staff.token_revoked", subject=by, by=by, detail={"created_at": made, "purpose": token.purpose})
    return bool(done)
