from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Position(TextChoices):
    TELLER = "teller", _("Teller")
    SUPERVISOR = "supervisor", _("Supervisor")
    LOBBY_MANAGER = "lobby_manager", _("Lobby manager")
    BRANCH_PRESIDENT = "branch_president", _("Branch president")
    FINANCIAL_ADVISOR = "financial_advisor", _("Financial advisor")
    WEALTH_MANAGER = "wealth_manager", _("Wealth manager")
    RELATIONSHIP_MANAGER = "relationship_manager", _("Relationship manager")
    PRODUCT_MANAGER = "product_manager", _("Product manager")
    WEALTH_CONSULTANT = "wealth_consultant", _("Wealth consultant")
    BRANCH_MANAGER = "branch_manager", _("Branch manager")
    DEPUTY_PRESIDENT = "deputy_president", _("Deputy president")
    HEAD_OFFICE = "head_office", _("Head office")
    TRAINING_ADMIN = "training_admin", _("Training administrator")
    AUDITOR = "auditor", _("Auditor")


class Language(TextChoices):
    CHINESE = "zh-hans", "简体中文"
    ENGLISH = "en", "English"


class Theme(TextChoices):
    SYSTEM = "system", _("As the computer is set")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class View(TextChoices):
    """How far lists, counts and exports reach (rules 1.2.6); looking up one customer by key is another matter."""

    OWN = "own", _("Own customers")
    BRANCH = "branch", _("Own branch")
    SUBTREE = "subtree", _("Own branch and those below it")
    ENTITY = "entity", _("The whole legal entity")
