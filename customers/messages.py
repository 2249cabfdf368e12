"""The codes of rules/ in words, for page and interface alike. A pair (field, code) speaks before the code alone."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from customers.enums import DocumentType, RefusalReason
from customers.rules.expiry import EXPIRED_DOCUMENT

BY_CODE = {
    # document numbers
    "empty": _("Please enter the document number."),
    "first_generation_15": _("A 15-digit first-generation card is no longer valid; ask for the current card."),
    "format": _("This is not written as it should be."),
    "length": _("This is too long or too short."),
    "region": _("The first digits are no Chinese province."),
    "birth_date": _("There is no such day in the calendar."),
    "future_birth_date": _("The birth date lies in the future."),
    "implausible_age": _("The birth date makes the person older than 130."),
    "checksum": _("The check digit is wrong; read the card again or compare the last character."),
    "wrong_type": _("This number belongs to another type of document."),
    "county_unknown": _("The county code is not in the list; compare it with the document."),
    "unusual_shape": _("Chinese passport numbers rarely look like this; compare it with the document."),
    "sex_by_convention": _("The number suggests the other sex; compare it with the document."),
    # fields
    "required": _("Please fill this in."),
    "not_in_list": _("Please choose from the list."),
    "wrong_value": _("This is not a value of this field."),
    "unknown_field": _("There is no such field."),
    "not_changeable": _("This is never changed."),
    "unknown": _("There is no such customer in this bank."),
    "same_customer": _("A customer is not merged into itself."),
    "address_required": _("Please give the residence or the workplace address."),
    "contact_required": _("Please give at least one of mobile phone, telephone and e-mail."),
    "detail_required": _("Please say which occupation."),
    "sex_mismatch": _("The document number says otherwise."),
    "birth_date_mismatch": _("The document number says otherwise."),
    "nationality_mismatch": _("This nationality does not go with the document."),
    "auxiliary_only": _("This document only corroborates; it cannot stand as the identity document."),
    "register_under_16_only": _("The household register serves for customers under 16 only."),
    "passport_when_settled_abroad": _("A Chinese passport serves for citizens settled abroad only."),
    "unit_proof_required": _("A military document needs the proof of the unit."),
    "long_term_with_date": _("A long-term document has no last day."),
    "not_yet_valid": _("The first day of validity lies in the future."),
    "period_reversed": _("The last day must come after the first."),
    "not_while_deferred": _("No cheque account while the online check is still owed."),
    "unusual_period": _("The period does not fit the holder's age; compare it with the document."),
    # agents
    "guardian_required": _("For a customer under 16 a parent or guardian opens."),
    "agent_too_young": _("An agent is at least 16 years old."),
    "agent_is_customer": _("The agent is the customer."),
    "agent_not_allowed": _("No agent may act in this."),
    "in_person_required": _("The customer must come in person."),
    # decisions on an online check
    "corroboration_required": _(
        "An auxiliary document, a genuine reading of the card or the police receipt is needed first."
    ),
    "paper_not_auxiliary": _("This type of document does not corroborate."),
    "paper_is_the_one_checked": _("The document that was checked cannot corroborate itself."),
    "paper_of_another_person": _("Birth date or sex on this paper are not the customer's."),
    "paper_of_another_number": _("The auxiliary document carries another citizen number."),
    "paper_name_not_confirmed": _("The name on the auxiliary document is not confirmed."),
    "reader_not_genuine": _("The card reader did not find the card genuine."),
    "person_differs": _("The person is not the one on the card."),
    "card_not_established": _("It is not established that the card in hand is valid."),
    "new_card_required": _("Ask for the new card, or for the receipt of the police."),
    "receipt_must_be_honoured": _("With the police receipt the business must not be refused."),
    "further_step_required": _("A mismatch alone is no ground to refuse; take a further step first."),
    "refusal_reason_required": _("A refusal needs one of the listed reasons."),
    "reason_does_not_fit": _("This reason does not go with the result."),
    "reason_contradicted": _("The card reader found the card genuine."),
}
BY_FIELD = {
    ("name", "format"): _("A name has letters and Chinese characters only, with · between the parts."),
    ("name", "length"): _("A name has at most 100 characters."),
    ("mobile", "format"): _("11 digits beginning with 1, or + and the country code."),
    ("phone", "format"): _("Area code and number, such as 0571-87654321."),
    ("email", "format"): _("Such as name@example.com."),
}
DUTY_BY_CODE = {
    "compare_photo": _("Compare the photo with the card and the person."),
    "continue_without_photo": _("No photo came back; the business goes on."),
    "verify_further": _("This alone is no ground to refuse. Any one of these lets the business go on."),
    "establish_loss": _("Establish whether the card in hand is valid; refuse only if the loss is confirmed."),
    "ask_for_new_card": _("Ask for the new card; refuse only if the invalidity is confirmed."),
    "check_later": _(
        "Compare card and person, use the card reader; the check is made up by the end of the next working day."
    ),
    "verify_by_document": _("Verify by the document itself."),
}
SHAPES = {
    DocumentType.CHINESE_PASSPORT: _("5 to 17 half-width letters and digits."),
    DocumentType.FOREIGN_PASSPORT: _("5 to 17 half-width letters and digits."),
    DocumentType.HK_MACAO_PERMIT: _(
        "H or M and 8 or 10 digits; HA or MA and 7 digits for holders who are not Chinese."
    ),
    DocumentType.TAIWAN_PERMIT: _("8 digits; on older permits 10, with or without a letter in brackets."),
    DocumentType.PERMANENT_RESIDENCE_CARD: _("18 characters beginning with 9; on older cards 3 letters and 12 digits."),
    DocumentType.MILITARY_ID: _("Such as 南字第1234567号."),
    DocumentType.OTHER: _("1 to 40 characters."),
}
EIGHTEEN = _("18 characters: digits, the last may be a half-width X.")
SEEMS_TO_BE = _("This looks like the number of another document; choose “{type}”.")


def message(code: str, field: str = ""):
    """Fields of an agent speak like those of a customer."""
    pair = field.removeprefix("agent."), code
    return BY_FIELD[pair] if pair in BY_FIELD else BY_CODE[code]


def number_message(code: str, document_type: str):
    """Of an error in a document number: a wrong shape is answered by the right one."""
    if code in ("format", "length"):
        return SHAPES.get(DocumentType(document_type), EIGHTEEN)
    return message(code)


def reason_words(reason: str) -> str:
    """Of a request: what people wrote, and in words what stands as a code."""
    if reason == EXPIRED_DOCUMENT:
        return _("document expired beyond the time of grace")
    return RefusalReason(reason).label if reason in RefusalReason.values else reason


def type_hint(suggested_type: str | None):
    """Which type a number seems to be of; None when there is nothing to suggest."""
    return format_lazy(SEEMS_TO_BE, type=DocumentType(suggested_type).label) if suggested_type else None
