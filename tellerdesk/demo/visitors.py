"""Sample customers without a citizen number of their own: from abroad, Hong Kong, Macao and Taiwan."""

from dataclasses import replace
from datetime import date

from customers.enums import DocumentType
from customers.rules.corroboration import Evidence
from tellerdesk.core.ages import years_after
from tellerdesk.demo.making import COMPARED, Making, Sample
from tellerdesk.demo.names import FOREIGN, han_name
from tellerdesk.demo.papers import PASSPORT_YEARS, PERMIT_YEARS, Paper, booklet

NOT_COVERED = {"decision": "", "evidence": Evidence()}  # 不适用: the document itself is the check
CHECKED = {"evidence": COMPARED}


def visitor(making: Making, paper_of, *, name="", decision=None, evidence=COMPARED, **further) -> Sample:
    """`paper_of(born, sex, issued_on)` makes the document; it was at most one year old at the opening."""
    sex, born = making.sex(), making.born(21, 68, on=making.today)
    on = making.opening_day(not_before=years_after(making.today, -3))
    issued_on = making.day(years_after(on, -1), on)
    entered = making.particulars(
        paper_of(born, sex, issued_on), name=name or han_name(making.chance, sex), born=born, sex=sex, on=on, **further
    )
    found = Sample(replace(entered, tax_residency=""), on, evidence=evidence)
    return found if decision is None else replace(found, decision=decision)


def shaped(making: Making, kind: str, shape: str, years: int, authority: str = ""):
    """A maker of booklets and cards whose number tells nothing of its holder."""

    def paper_of(born: date, sex: str, issued_on: date) -> Paper:
        given = booklet(kind, making.numbers.shaped(shape), issued_on, years)
        return replace(given, issuing_authority=authority) if authority else given

    return paper_of


def settled_abroad(making: Making) -> Sample:
    shape = making.chance.choice(("E########", "EA#######", "G########"))
    paper = shaped(making, DocumentType.CHINESE_PASSPORT, shape, PASSPORT_YEARS)
    return visitor(making, paper, settled_abroad=True, **NOT_COVERED)


def foreigner(making: Making) -> Sample:
    nationality = making.chance.choice(list(FOREIGN))
    shape = making.chance.choice(("#########", "AB#######", "M########"))
    paper = shaped(making, DocumentType.FOREIGN_PASSPORT, shape, PASSPORT_YEARS, nationality)
    return visitor(making, paper, name=foreign_name(making, nationality), nationality=nationality, **NOT_COVERED)


def foreign_name(making: Making, nationality: str) -> str:
    return making.chance.choice(FOREIGN[nationality])


def permanent_resident(making: Making) -> Sample:
    return with_residence_card(making, making.numbers.permanent_resident)


def former_permanent_resident(making: Making) -> Sample:
    """With the card of before December 2023."""
    return with_residence_card(making, making.numbers.former_permanent_resident)


def with_residence_card(making: Making, number_of) -> Sample:
    nationality = making.chance.choice(list(FOREIGN))

    def paper_of(born: date, sex: str, issued_on: date) -> Paper:
        return booklet(
            DocumentType.PERMANENT_RESIDENCE_CARD, number_of(nationality, born, sex), issued_on, PASSPORT_YEARS
        )

    return visitor(making, paper_of, name=foreign_name(making, nationality), nationality=nationality, **CHECKED)


def from_hong_kong_or_macao(making: Making) -> Sample:
    shape = making.chance.choice(("H########", "M########"))
    return visitor(making, shaped(making, DocumentType.HK_MACAO_PERMIT, shape, PERMIT_YEARS), **CHECKED)


def with_former_permit(making: Making) -> Sample:
    """The card of 1999 with two digits that count its issues."""
    shape = making.chance.choice(("H########00", "M########01"))
    return visitor(making, shaped(making, DocumentType.HK_MACAO_PERMIT, shape, PASSPORT_YEARS), **CHECKED)


def foreigner_from_hong_kong(making: Making) -> Sample:
    nationality = making.chance.choice(("CAN", "USA", "FRA"))
    paper = shaped(making, DocumentType.HK_MACAO_PERMIT, "HA#######", PERMIT_YEARS)
    return visitor(making, paper, name=foreign_name(making, nationality), nationality=nationality, **CHECKED)


def from_taiwan(making: Making) -> Sample:
    shape = making.chance.choices(("########", "##########", "##########(B)"), (8, 1, 1))[0]
    return visitor(making, shaped(making, DocumentType.TAIWAN_PERMIT, shape, PERMIT_YEARS), **CHECKED)


def living_on_the_mainland(making: Making) -> Sample:
    region = making.chance.choice(("810000", "820000", "830000"))  # Hong Kong, Macao, Taiwan

    def paper_of(born: date, sex: str, issued_on: date) -> Paper:
        number = making.numbers.citizen(region, born, sex)
        return booklet(DocumentType.HMT_RESIDENCE_PERMIT, number, issued_on, PERMIT_YEARS, "西湖区公安局")

    return visitor(making, paper_of, **NOT_COVERED)
