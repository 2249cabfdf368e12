"""The trade's closed lists; the codes are those of the interface, the labels what people read."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DocumentType(TextChoices):
    """Rules 2.1. What each is good for, and for whom, stands in rules/primary.py."""

    RESIDENT_ID = "resident_id", _("Resident ID card")
    TEMPORARY_RESIDENT_ID = "temporary_resident_id", _("Temporary resident ID card")
    HOUSEHOLD_REGISTER = "household_register", _("Household register")
    CHINESE_PASSPORT = "chinese_passport", _("Chinese passport")
    FOREIGN_PASSPORT = "foreign_passport", _("Foreign passport")
    HK_MACAO_PERMIT = "hk_macao_permit", _("Mainland travel permit for Hong Kong and Macao residents")
    TAIWAN_PERMIT = "taiwan_permit", _("Mainland travel permit for Taiwan residents")
    HMT_RESIDENCE_PERMIT = "hmt_residence_permit", _("Residence permit for Hong Kong, Macao and Taiwan residents")
    PERMANENT_RESIDENCE_CARD = "permanent_residence_card", _("Foreigner's permanent residence card")
    MILITARY_ID = "military_id", _("Military or armed-police document")
    DRIVING_LICENCE = "driving_licence", _("Driving licence")
    SOCIAL_SECURITY_CARD = "social_security_card", _("Social security card")
    OTHER = "other", _("Other document")


class Sex(TextChoices):
    MALE = "male", _("Male")
    FEMALE = "female", _("Female")


class Occupation(TextChoices):
    GOVERNMENT = "government", _("Government and public bodies")
    PROFESSIONAL = "professional", _("Professional and technical")
    CLERICAL = "clerical", _("Clerical")
    COMMERCE_SERVICE = "commerce_service", _("Commerce and services")
    AGRICULTURE = "agriculture", _("Agriculture, forestry and fishery")
    PRODUCTION_TRANSPORT = "production_transport", _("Production and transport")
    MILITARY = "military", _("Serviceman")
    STUDENT = "student", _("Student")
    RETIRED = "retired", _("Retired")
    UNEMPLOYED = "unemployed", _("Not employed")
    OTHER = "other", _("Other occupation")


class CustomerStatus(TextChoices):
    PENDING_REVIEW = "pending_review", _("Waiting for review")
    ACTIVE = "active", _("Normal")
    SUSPENDED = "suspended", _("Suspended")
    MERGED = "merged", _("Merged")
    CLOSED = "closed", _("Customer closed")


class Verification(TextChoices):
    """How far the customer's identity has been checked online."""

    NONE = "none", _("Not checked")
    VERIFIED = "verified", _("Checked online")
    FOLLOW_UP = "follow_up", _("To be verified further")
    DEFERRED = "deferred", _("Check still owed")
    NOT_APPLICABLE = "not_applicable", _("Checked by the document itself")
    MIGRATED = "migrated", _("Migrated, not checked")


class CheckOutcome(TextChoices):
    """Rules 3.1. `photo_differs` is never an answer of the system: it is the teller's finding on a match."""

    MATCH = "match", _("Number and name agree, with photo")
    MATCH_NO_PHOTO = "match_no_photo", _("Number and name agree, without photo")
    PHOTO_DIFFERS = "photo_differs", _("The photo is somebody else's")
    NAME_MISMATCH = "name_mismatch", _("The number belongs to another name")
    NOT_FOUND = "not_found", _("The number does not exist")
    CARD_LOST = "card_lost", _("Card reported lost")
    CARD_INVALID = "card_invalid", _("Card no longer valid")
    UNAVAILABLE = "unavailable", _("System unavailable")
    NOT_APPLICABLE = "not_applicable", _("Not covered by the online check")


class CheckDecision(TextChoices):
    PROCEED = "proceed", _("Proceed")
    PROCEED_AND_FOLLOW_UP = "proceed_and_follow_up", _("Proceed now, verify afterwards")
    HOLD_PENDING_POLICE = "hold_pending_police", _("Wait for the police")
    REFUSE = "refuse", _("Refuse")


class OwedKind(TextChoices):
    """待补核查: what a check may leave owed."""

    DEFERRED_CHECK = "deferred_check", _("Check to be made up")
    FOLLOW_UP = "follow_up", _("Further verification")
    POLICE_ANSWER = "police_answer", _("Answer of the police")
    POLICE_REPORT = "police_report", _("Report to the police")


class RefusalReason(TextChoices):
    FORGED = "forged", _("The document is established to be forged")
    LOST_CONFIRMED = "lost_confirmed", _("The loss of the document is confirmed")
    INVALID_CONFIRMED = "invalid_confirmed", _("The document is confirmed invalid")
    IMPERSONATION = "impersonation", _("Somebody else's identity is being used")


class Business(TextChoices):
    """The transaction an online check is made for; a check is good for that one only."""

    OPENING = "open_customer", _("Opening a customer")
    AMENDMENT = "amend_customer", _("Change of particulars")
    MERGE = "merge_customers", _("Merging customers")
    CLOSURE = "close_customer", _("Closing a customer")
    RECHECK = "recheck", _("Later check")
    AGENT = "agent", _("Check of an agent")


class Channel(TextChoices):
    COUNTER = "counter", _("Counter")
    ONLINE = "online", _("Mobile or online bank")
    ATM = "atm", _("Self-service machine")
    IMPORT = "import", _("Imported")


class AmendmentKind(TextChoices):
    OPENING = "opening", _("Opening")
    AMENDMENT = "amendment", _("Change of particulars")
    MERGE = "merge", _("Merge")
    SUSPENSION = "suspension", _("Suspension")
    REINSTATEMENT = "reinstatement", _("Reinstatement")
    CLOSURE = "closure", _("Closure")
    REFUSAL = "refusal", _("Refusal")
    MERGE_UNDO = "merge_undo", _("Undoing a merge")


class AmendmentStatus(TextChoices):
    PENDING_REVIEW = "pending_review", _("Waiting for review")
    APPLIED = "applied", _("Applied")
    REJECTED = "rejected", _("Returned")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class AgentRelation(TextChoices):
    PARENT = "parent", _("Father or mother")
    SPOUSE = "spouse", _("Spouse")
    CHILD = "child", _("Son or daughter")
    GUARDIAN = "guardian", _("Guardian")
    ENTRUSTED = "entrusted", _("Entrusted person")
    OTHER = "other", _("Other relation")


class MaritalStatus(TextChoices):
    SINGLE = "single", _("Unmarried")
    MARRIED = "married", _("Married")
    DIVORCED = "divorced", _("Divorced")
    WIDOWED = "widowed", _("Widowed")


class Education(TextChoices):
    PRIMARY = "primary", _("Primary school or below")
    JUNIOR = "junior", _("Junior secondary school")
    SENIOR = "senior", _("Senior secondary or vocational school")
    COLLEGE = "college", _("Junior college")
    BACHELOR = "bachelor", _("Bachelor's degree")
    MASTER = "master", _("Master's degree or above")


class IncomeBand(TextChoices):
    """Yearly income in yuan; lower bound included, upper not."""

    UNDER_50K = "under_50k", _("Under 50,000 a year")
    UNDER_100K = "under_100k", _("50,000 to 100,000 a year")
    UNDER_200K = "under_200k", _("100,000 to 200,000 a year")
    UNDER_500K = "under_500k", _("200,000 to 500,000 a year")
    OVER_500K = "over_500k", _("500,000 a year and more")


class TaxResidency(TextChoices):
    """The three statements of the self-certification on tax residence."""

    CHINA_ONLY = "china_only", _("Tax resident of China only")
    ABROAD_ONLY = "abroad_only", _("Tax resident abroad only")
    BOTH = "both", _("Tax resident of China and abroad")


class Expiry(TextChoices):
    """Rules 1.5; the last day itself is still valid."""

    VALID = "valid", _("Valid")
    EXPIRING = "expiring", _("Expiring soon")
    EXPIRED = "expired", _("Expired")


class RiskLevel(TextChoices):
    """Money-laundering risk of the customer, set by the bank."""

    LOW = "low", _("Low risk")
    MEDIUM = "medium", _("Medium risk")
    HIGH = "high", _("High risk")


class HistoryKind(TextChoices):
    """The strands of a customer's history."""

    CHANGES = "changes", _("Changes")
    LOOKS = "looks", _("Looks")
    CHECKS = "checks", _("Online checks")
    RECEIPTS = "receipts", _("Receipts")
    STANDING = "standing", _("Owners and tiers")
