from functools import cached_property

import pgtrigger
from django.conf import settings
from django.contrib import auth
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from tellerdesk.audit.guards import frozen, permanent
from tellerdesk.core.business_date import today
from tellerdesk.core.pinyin import initials
from tellerdesk.staff.enums import Language, Position, Theme
from tellerdesk.staff.querysets import (
    BranchQuerySet,
    PostingQuerySet,
    StaffQuerySet,
    TokenQuerySet,
    sees_whole_entity,
)
from tellerdesk.staff.roles import POSITIONS_BY_PERMISSION
from tellerdesk.staff.validators import branch_code_shape, username_shape

IDLE_MINUTES = (5, 60)


class LegalEntity(models.Model):
    """法人行社: nothing of one is ever seen from another."""

    code = models.CharField(_("Code"), max_length=12, unique=True, validators=[branch_code_shape])
    name = models.CharField(_("Name"), max_length=100)

    class Meta:
        triggers = [*permanent(), frozen("code")]

    def __str__(self):
        return self.name


class Branch(models.Model):
    """网点, a tree: the head office of a legal entity is branch 000. `path` is `/000/…/own code/`."""

    legal_entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT)
    code = models.CharField(_("Branch code"), max_length=12, validators=[branch_code_shape])
    name = models.CharField(_("Branch name"), max_length=100)
    parent = models.ForeignKey("self", verbose_name=_("Parent branch"), null=True, blank=True, on_delete=models.PROTECT)
    path = models.CharField(max_length=250, editable=False)

    objects = BranchQuerySet.as_manager()

    class Meta:
        triggers = [*permanent(), frozen("legal_entity", "code")]
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(fields=["legal_entity", "code"], name="branch_code_once_per_entity"),
            models.UniqueConstraint(fields=["legal_entity", "path"], name="branch_path_once_per_entity"),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"


class StaffManager(BaseUserManager.from_queryset(StaffQuerySet)):
    def get_by_natural_key(self, username):
        return self.select_related("legal_entity").get(username=username)


class Staff(AbstractBaseUser):
    """One person, one login; several postings may be held at once. Nobody is a superuser.

    `logins_ended` counts the acts (password, deactivation) that end every login of the person at once.
    """

    username = models.CharField(_("Username"), max_length=30, unique=True, validators=[username_shape])
    name = models.CharField(_("Name"), max_length=100)
    initials = models.CharField(max_length=100, editable=False)
    legal_entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT)
    is_active = models.BooleanField(_("Active"), default=True)
    deactivated_at = models.DateTimeField(null=True, blank=True)
    password_changed_at = models.DateTimeField(null=True, blank=True)
    must_change_password = models.BooleanField(default=False)
    logins_ended = models.PositiveIntegerField(default=0)
    language = models.CharField(_("Language"), max_length=8, choices=Language, default=Language.CHINESE)
    theme = models.CharField(_("Appearance"), max_length=6, choices=Theme, default=Theme.SYSTEM)
    enter_moves = models.BooleanField(_("Enter moves to the next field"), default=True)
    idle_minutes = models.PositiveSmallIntegerField(
        _("Minutes until an idle login ends"),
        default=15,
        validators=[MinValueValidator(IDLE_MINUTES[0]), MaxValueValidator(IDLE_MINUTES[1])],
    )

    USERNAME_FIELD = "username"
    objects = StaffManager()

    class Meta:
        triggers = [*permanent(), frozen("username", "legal_entity")]
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(condition=Q(idle_minutes__range=IDLE_MINUTES), name="staff_idle_minutes_in_range"),
        ]
        indexes = [models.Index(fields=["legal_entity", "username"], name="staff_by_entity")]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.initials = initials(self.name)[:100]
        super().save(*args, **kwargs)

    @property
    def audit_label(self) -> str:
        return f"{self.username} {self.name}"

    @cached_property
    def postings_now(self) -> list["Posting"]:
        """The postings in force on the business date, the oldest first; read once per request."""
        return list(self.posting_set.valid_on(today()).select_related("branch").order_by("since", "pk"))

    @property
    def posting(self) -> "Posting | None":
        return self.postings_now[0] if self.postings_now else None

    @property
    def branch(self) -> Branch | None:
        return self.posting.branch if self.posting else None

    def postings_granting(self, permission: str) -> list["Posting"]:
        """Those of today's postings whose position allows `permission`: its scope is theirs alone."""
        return [each for each in self.postings_now if each.position in POSITIONS_BY_PERMISSION[permission]]

    @property
    def audited_branches(self) -> list[str] | None:
        """Codes of the branches whose audit events this person reads; None: the whole legal entity's."""
        if sees_whole_entity(self.postings_granting("audit.read_events")):
            return None
        return list(Branch.objects.visible_to(self, "audit.read_events").values_list("code", flat=True))

    def has_perm(self, permission: str, obj=None) -> bool:
        """Asks every backend in turn; one that raises PermissionDenied (a course not held) ends the matter."""
        if not self.is_active:
            return False
        for backend in auth.get_backends():
            try:
                if hasattr(backend, "has_perm") and backend.has_perm(self, permission, obj):
                    return True
            except PermissionDenied:
                return False
        return False

    @property
    def permissions_now(self) -> list[str]:
        """What position and courses together allow today."""
        return [permission for permission in POSITIONS_BY_PERMISSION if self.has_perm(permission)]

    def _get_session_auth_hash(self, secret=None):
        """Django's own covers the password; this one also changes when every login is ended."""
        sealed = f"{self.password} {self.logins_ended}"
        return salted_hmac("tellerdesk.staff.login", sealed, secret=secret, algorithm="sha256").hexdigest()


class Posting(models.Model):
    """任职: a position at a branch from `since` to `until`, both days included."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT)
    position = models.CharField(_("Position"), max_length=20, choices=Position)
    branch = models.ForeignKey(Branch, verbose_name=_("Branch"), on_delete=models.PROTECT)
    since = models.DateField(_("Since"))
    until = models.DateField(_("Until"), null=True, blank=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        triggers = [
            *permanent(),
            frozen("staff", "position", "branch"),
            pgtrigger.Trigger(
                name="one_entity",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                IF (SELECT legal_entity_id FROM staff_staff WHERE id = NEW.staff_id)
                   <> (SELECT legal_entity_id FROM staff_branch WHERE id = NEW.branch_id) THEN
                  RAISE EXCEPTION 'a posting stays within one legal entity' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(position__in=Position.values), name="posting_position_known"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")) | Q(until=F("since") - 1),
                name="posting_ends_after_it_began",
            ),
            models.UniqueConstraint(
                fields=["staff", "position", "branch"], condition=Q(until__isnull=True), name="posting_open_once"
            ),
        ]

    def __str__(self):
        return f"{self.get_position_display()} {self.branch}"

    @property
    def audit_label(self) -> str:
        return f"{self.staff.username} {self.staff.name}"


class ApiToken(models.Model):
    """The key itself is shown once and kept nowhere: `digest` is its SHA-256."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    digest = models.BinaryField(max_length=32, unique=True)
    purpose = models.CharField(_("Purpose"), max_length=60, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        triggers = permanent()

    def __str__(self):
        return f"{self.staff} {self.created_at:%Y-%m-%d}"


class LastWrite(models.Model):
    """Where the primary's log stood, in bytes, after the person's last write (own_writes); kept only with a replica."""

    staff = models.OneToOneField(settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.PROTECT, related_name="+")
    log_position = models.BigIntegerField()
    at = models.DateTimeField()

    def __str__(self):
        return f"{self.staff_id} {self.at}"
