"""The fields of a customer's record in words, for audit, history and forms alike; values as lists may show them."""

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from customers import enums
from customers.rules.countries import find_country
from tellerdesk.core.masking import mask_mobile, mask_name

OF_DOCUMENT = {
    "document_type": _("Document type"),
    "document_number": _("Document number"),
    "valid_from": _("Valid from"),
    "valid_until": _("Valid until"),
    "long_term": _("Long term"),
    "issuing_authority": _("Issuing authority"),
    "further_document": _("Further document"),
}
# No fields of the customer's own row, but of what happens to it.
OF_ACTS = {
    "further_document": _("Further document"),
    "merged_into": _("Merged into"),
    "home_branch": _("home branch"),
    "follow_up_due_on": _("To be settled by"),
}


def document_type_words(code: str) -> str:
    return str(enums.DocumentType(code).label) if code in enums.DocumentType.values else str(code)


def country_words(alpha_3: str) -> str:
    found = find_country(alpha_3)
    if found is None:
        return str(alpha_3)
    return f"{alpha_3} {found.name_en if (get_language() or '').startswith('en') else found.name_zh}"


def masked_contact(value) -> str:
    return mask_mobile(str(value))


# What stands in the changes of an event in clear and may not be read in clear outside the customer's file.
MASKED = {"name": lambda value: mask_name(str(value)), "mobile": masked_contact, "phone": masked_contact}
SHOWN = MASKED | {"document_type": document_type_words, "nationality": country_words}
