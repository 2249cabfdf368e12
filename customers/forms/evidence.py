from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from customers import enums
from customers.forms.typed import RuleForm, ThreeWay, TypedChoice, TypedText, select
from customers.messages import message
from customers.rules.corroboration import Evidence, Paper
from customers.rules.documents import parse_document
from customers.rules.primary import AUXILIARY
from customers.rules.texts import clean_text
from customers.validators import paper_errors

MOST_PAPERS = 3
PHOTO_ANSWERS = (("true", _("Is the person")), ("false", _("Is somebody else")))
READER_ANSWERS = (("true", _("Read as genuine")), ("false", _("Could not be read as genuine")))


def auxiliary_types():
    """In the order of the list; only what may corroborate."""
    return [("", ""), *((value, label) for value, label in enums.DocumentType.choices if value in AUXILIARY)]


class EvidenceForm(RuleForm):
    """What the teller finds and is shown after the online check, and the decision on it (rules 3.2)."""

    identity_check = TypedText(label=_("Online check"))
    photo_matches = ThreeWay(label=_("Photo"), choices=PHOTO_ANSWERS)
    reader_genuine = ThreeWay(label=_("Card reader"), choices=READER_ANSWERS)
    police_receipt = TypedText(label=_("Number of the police receipt"))
    decision = TypedChoice(label=_("Decision"), choices=enums.CheckDecision.choices, widget=forms.RadioSelect)
    refusal_reason = select(enums.RefusalReason, label=_("Reason of the refusal"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for place in range(MOST_PAPERS):
            self.fields[f"auxiliary_type_{place}"] = TypedChoice(label=_("Auxiliary document"), choices=auxiliary_types)
            self.fields[f"auxiliary_number_{place}"] = TypedText(label=_("Document number"))
            self.fields[f"auxiliary_same_name_{place}"] = forms.BooleanField(label=_("Same name"), required=False)

    @property
    def papers(self) -> list[tuple]:
        """The bound fields of each auxiliary paper: type, number, same name."""
        names = ("auxiliary_type", "auxiliary_number", "auxiliary_same_name")
        return [tuple(self[f"{name}_{place}"] for name in names) for place in range(MOST_PAPERS)]

    def shown_papers(self) -> list[dict]:
        """Those of which at least the number was entered, as they were typed."""
        typed = self.cleaned_data
        return [
            {
                "document_type": typed.get(f"auxiliary_type_{place}", ""),
                "document_number": typed.get(f"auxiliary_number_{place}", ""),
                "same_name": typed.get(f"auxiliary_same_name_{place}", False),
                "place": place,
            }
            for place in range(MOST_PAPERS)
            if typed.get(f"auxiliary_number_{place}")
        ]

    @property
    def shows_papers(self) -> bool:
        return any(kind.value() or number.value() for kind, number, same in self.papers)

    @property
    def check_id(self) -> int | None:
        text = self["identity_check"].value() or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None

    def evidence(self, *, today: date) -> Evidence:
        """The papers that can be read; the others get their faults as errors of their fields."""
        papers = filter(None, [self._paper(shown, today) for shown in self.shown_papers()])
        return Evidence(
            photo_matches=self.cleaned_data.get("photo_matches"),
            papers=tuple(papers),
            reader_genuine=self.cleaned_data.get("reader_genuine"),
            police_receipt=clean_text(self.cleaned_data.get("police_receipt", "")),
        )

    def _paper(self, shown: dict, today: date) -> Paper | None:
        place = shown["place"]
        if shown["document_type"] not in enums.DocumentType.values:
            self.add_error(f"auxiliary_type_{place}", ValidationError(message("not_in_list"), code="not_in_list"))
            return None
        parsed = parse_document(shown["document_type"], shown["document_number"], today=today)
        for code, words in paper_errors(parsed).get("document_number", []):
            self.add_error(f"auxiliary_number_{place}", ValidationError(words, code=code))
        return Paper.of(parsed, same_name=shown["same_name"]) if parsed.valid else None
