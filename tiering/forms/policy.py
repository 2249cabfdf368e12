"""2003: a policy as it is typed; what is wrong with the whole of it is said by the rule, beside the fields it names."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from customers.forms.typed import RuleForm, TypedDate, TypedText, select
from tiering.enums import BANDED, CardLevel, Tier
from tiering.forms.policy_fields import MOST_DIGITS, REQUIRED, Line, TenThousands, Whole, band_fields
from tiering.forms.policy_initial import initial_of, values_of
from tiering.rules.policy import Band, Scope
from tiering.rules.policy_draft import AMOUNTS, Category, Draft

FORM = "draft"  # the id of the form on the page; its controls stand all over it
MOST_ROWS = 40


@dataclass(frozen=True)
class BandRow:
    """The bound fields of one tier by their name, and which of its contents differ from the policy in force."""

    tier: Tier
    fields: dict
    changed: dict

    @property
    def shows_age(self) -> bool:
        """The lowest always; another tier where somebody has given it a limit of age."""
        field = self.fields["max_age"]
        return self.tier == BANDED[-1] or field.value() not in (None, "")


class PolicyForm(RuleForm):
    """`changed` are the keys of rules.policy_content that differ from the policy in force."""

    effective_from = TypedDate(label=_("Effective from"), required=True)
    note = Line(label=_("Note"))
    card_spend_year = TenThousands(label=_("Credit-card spend in the year"))
    personal_loan_balance = TenThousands(label=_("Personal-loan balance"))
    custody_margin = TenThousands(label=_("Third-party custody margin"))
    card_level = select(CardLevel, label=_("Card level"), empty=False)
    downgrade_grace_days = Whole(label=_("Days of grace before a fall"))
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput, max_value=2**31 - 1)
    rows = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, draft: Draft, revision: int | None = None, changed=frozenset()):
        initial = initial_of(draft) | {"revision": revision}
        self.base, self.changed = draft, changed
        self.row_count = _rows(data, draft)
        initial["rows"] = self.row_count
        super().__init__(data, initial=initial)
        for tier in BANDED:
            self.fields |= band_fields(tier)
        for place in range(self.row_count):
            self.fields[f"category_code_{place}"] = TypedText(label=_("Code of the category"))
            self.fields[f"category_name_{place}"] = TypedText(label=_("Name of the category"))
        for field in self.fields.values():
            field.widget.attrs["form"] = FORM

    def silence(self) -> None:
        """Another row was asked for: what is wrong is said when the whole is sent."""
        self._errors = ErrorDict(renderer=self.renderer)

    @property
    def draft(self) -> Draft:
        """What was typed; where that cannot be read, what stood there before."""
        typed = values_of(self.base) | self.cleaned_data
        scope = Scope(*(typed[name] for name in AMOUNTS), CardLevel(int(typed["card_level"])))
        bands = tuple(_band(tier, typed, self.base) for tier in BANDED)
        categories = tuple(Category(*self._category(place)) for place in self.filled_rows)
        return Draft(typed["effective_from"], typed["note"], bands, scope, typed["downgrade_grace_days"], categories)

    def _category(self, place: int) -> tuple[str, str]:
        return tuple(self.cleaned_data.get(f"category_{part}_{place}", "").strip() for part in ("code", "name"))

    @property
    def filled_rows(self) -> list[int]:
        return [place for place in range(self.row_count) if any(self._category(place))]

    def clean_card_level(self):
        value = self.cleaned_data["card_level"]
        if value not in {str(level.value) for level in CardLevel}:
            raise ValidationError(_("Please choose from the list."), code="not_in_list")
        return value

    def clean_effective_from(self):
        value = self.cleaned_data["effective_from"]
        if value is None:
            raise ValidationError(REQUIRED, code="required")
        return value

    def add_refusal(self, errors: dict) -> None:
        super().add_refusal({self._field_of(path): found for path, found in errors.items()})

    def _field_of(self, path: str) -> str:
        """`bands.2.floor` is typed as `branch_lead_floor`, `product_categories.3` in the fourth row that is filled."""
        first, *rest = path.split(".")
        if first == "bands" and rest:
            return f"{BANDED[int(rest[0])].code}_{rest[1]}"
        if first == "product_categories":
            return f"category_code_{self.filled_rows[int(rest[0])] if rest else 0}"
        return rest[0] if first == "scope" else path

    @property
    def band_rows(self) -> list[BandRow]:
        return [self._row(tier) for tier in BANDED]

    def _row(self, tier: Tier) -> BandRow:
        start = f"{tier.code}_"
        fields = {name.removeprefix(start): self[name] for name in self.fields if name.startswith(start)}
        changed = {key.rpartition(".")[2]: True for key in self.changed if key.startswith(f"{tier.code}.")}
        return BandRow(tier, fields, changed)

    @property
    def category_rows(self) -> list[tuple]:
        return [(self[f"category_code_{place}"], self[f"category_name_{place}"]) for place in range(self.row_count)]


def _band(tier: Tier, typed: dict, base: Draft) -> Band:
    """Boxes have no order, positions do (the first of several owners is the primary): former ones stay in theirs."""
    start = f"{tier.code}_"
    values = {name.removeprefix(start): value for name, value in typed.items() if name.startswith(start)}
    former = next((band.positions for band in base.bands if band.tier == tier), ())
    stayed = [each for each in former if each in values["positions"]]
    values["positions"] = (*stayed, *(each for each in values["positions"] if each not in former))
    ends = {"ceiling": None, "ceiling_inclusive": False} if tier == BANDED[0] else {}
    return Band(tier, **values | ends)


def _rows(data, draft: Draft) -> int:
    """As many as were there, one more where that was asked for; at first those of the draft and an empty one."""
    if data is None:
        return len(draft.categories) + 1
    asked = str(data.get("rows", ""))
    shown = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < MOST_DIGITS else 0
    return max(1, min(shown + (data.get("do") == "row"), MOST_ROWS))
