"""One field on its own: the check that form, interface and change share (rules 1.1)."""

from collections.abc import Callable, Iterable
from functools import partial

from customers.enums import Education, IncomeBand, MaritalStatus, Occupation, RiskLevel, Sex, TaxResidency
from customers.rules.countries import find_country
from customers.rules.texts import email_problem, line_problem, mobile_problem, name_problem, phone_problem

LONGEST_DETAIL, LONGEST_GROUP, LONGEST_AUTHORITY = 50, 20, 100


def choice_problem(text: str, *, choices: Iterable[str], optional: bool = False) -> str | None:
    if not text:
        return None if optional else "required"
    return None if text in choices else "not_in_list"


def nationality_problem(alpha_3: str) -> str | None:
    return None if find_country(alpha_3) else "not_in_list"


TEXT_CHECKS: dict[str, Callable[[str], str | None]] = {
    "name": name_problem,
    "sex": partial(choice_problem, choices=Sex.values),
    "nationality": nationality_problem,
    "occupation": partial(choice_problem, choices=Occupation.values),
    "occupation_detail": partial(line_problem, longest=LONGEST_DETAIL),
    "address": line_problem,
    "employer_address": line_problem,
    "mobile": mobile_problem,
    "phone": phone_problem,
    "email": email_problem,
    "issuing_authority": partial(line_problem, longest=LONGEST_AUTHORITY),
    "ethnic_group": partial(line_problem, longest=LONGEST_GROUP),
    "marital_status": partial(choice_problem, choices=MaritalStatus.values, optional=True),
    "education": partial(choice_problem, choices=Education.values, optional=True),
    "income_band": partial(choice_problem, choices=IncomeBand.values, optional=True),
    "tax_residency": partial(choice_problem, choices=TaxResidency.values, optional=True),
    "risk_level": partial(choice_problem, choices=RiskLevel.values, optional=True),
}
