"""The words core systems and offices write for our codes; a code is always its own word (contract "Customer file")."""

import re
from datetime import date
from functools import cache

from customers.enums import DocumentType, Occupation, Sex
from customers.rules.countries import CHINA, countries
from customers.rules.reading import parse_date

SEXES = {"男": Sex.MALE, "男性": Sex.MALE, "女": Sex.FEMALE, "女性": Sex.FEMALE}
OCCUPATIONS = {
    Occupation.GOVERNMENT: ("国家机关", "国家机关、事业单位人员", "国家机关、党群组织、企业、事业单位负责人"),
    Occupation.PROFESSIONAL: ("专业技术", "专业技术人员"),
    Occupation.CLERICAL: ("办事", "办事人员", "办事人员和有关人员"),
    Occupation.COMMERCE_SERVICE: ("商业服务", "商业服务业人员", "商业、服务业人员"),
    Occupation.AGRICULTURE: ("农林牧渔", "农林牧渔人员", "农、林、牧、渔、水利业生产人员"),
    Occupation.PRODUCTION_TRANSPORT: ("生产运输", "生产运输人员", "生产、运输设备操作人员及有关人员"),
    Occupation.MILITARY: ("军人",),
    Occupation.STUDENT: ("学生",),
    Occupation.RETIRED: ("离退休", "离退休人员"),
    Occupation.UNEMPLOYED: ("无业", "无业人员"),
    Occupation.OTHER: ("其他", "其他职业", "不便分类的其他从业人员"),
}
DOCUMENT_TYPES = {
    DocumentType.RESIDENT_ID: ("居民身份证", "身份证", "二代身份证", "第二代居民身份证"),
    DocumentType.TEMPORARY_RESIDENT_ID: ("临时居民身份证", "临时身份证"),
    DocumentType.HOUSEHOLD_REGISTER: ("户口簿", "户口本"),
    DocumentType.CHINESE_PASSPORT: ("中国护照",),
    DocumentType.FOREIGN_PASSPORT: ("外国护照",),
    DocumentType.HK_MACAO_PERMIT: ("港澳居民来往内地通行证", "港澳居民通行证", "回乡证"),
    DocumentType.TAIWAN_PERMIT: ("台湾居民来往大陆通行证", "台湾居民通行证", "台胞证"),
    DocumentType.HMT_RESIDENCE_PERMIT: ("港澳台居民居住证",),
    DocumentType.PERMANENT_RESIDENCE_CARD: ("外国人永久居留身份证", "外国人永久居留证"),
    DocumentType.MILITARY_ID: ("军人/武警身份证件", "军人身份证件", "武警身份证件", "军官证", "士兵证", "警官证"),
    DocumentType.DRIVING_LICENCE: ("机动车驾驶证", "驾驶证"),
    DocumentType.SOCIAL_SECURITY_CARD: ("社会保障卡", "社保卡"),
    DocumentType.OTHER: ("其他", "其他证件"),
}
FLAGS = {"": False, "0": False, "否": False, "false": False, "1": True, "是": True, "true": True}
# Core systems that cannot leave a date empty write the last one they know.
LONG_TERM = frozenset({"", "长期", "长期有效", "long_term", "9999-12-31", "99991231", "9999/12/31"})
DATE = re.compile(r"([0-9]{4})([-/.年])([0-9]{1,2})(?:\2|月)([0-9]{1,2})日?(?: 00:00(?::00)?)?|([0-9]{8})", re.ASCII)
LONGEST_WORD = 40


def sex_of_word(word: str) -> str:
    """Words nobody knows come back as they are, for the rules to refuse; so do those of the other tables."""
    return SEXES.get(word, word)


def occupation_of_word(word: str) -> tuple[str, str]:
    """Occupation and, behind 其他, what it is: 其他：网约车司机 or 其他(网约车司机)."""
    kind, detail = _with_detail(word)
    found = _occupations().get(kind)
    if detail and found != Occupation.OTHER:
        return word, ""
    return (found, detail) if found else (word, "")


def document_type_of_word(word: str) -> str:
    return _document_types().get(word, word)


def nationality_of_word(word: str) -> str:
    """By either code, numeric code, or name in Chinese or English."""
    return _countries().get(word.lower(), word) if len(word) <= LONGEST_WORD else word


def flag_of_word(word: str) -> bool | None:
    return FLAGS.get(word.lower()) if len(word) <= LONGEST_WORD else None


def date_of_word(word: str) -> date | None:
    """2020-01-01, 20200101, 2020/1/1, 2020.1.1, 2020年1月1日, midnight of a spreadsheet; None for anything else."""
    found = DATE.fullmatch(word)
    if not found:
        return None
    year, _sign, month, day, digits = found.groups()
    return parse_date(digits or f"{year}{month:0>2}{day:0>2}")


def _with_detail(word: str) -> tuple[str, str]:
    for opening, closing in (("：", ""), (":", ""), ("（", "）"), ("(", ")")):
        kind, found, detail = word.partition(opening)
        if found and detail.endswith(closing):
            return kind.strip(), detail.removesuffix(closing).strip()
    return word, ""


@cache
def _occupations() -> dict[str, str]:
    return _by_word(OCCUPATIONS)


@cache
def _document_types() -> dict[str, str]:
    return _by_word(DOCUMENT_TYPES)


@cache
def _countries() -> dict[str, str]:
    known = {"中华人民共和国": CHINA}
    for country in countries():
        names = (country.alpha_3, country.numeric, country.name_zh, country.name_en)
        known |= {name.lower(): country.alpha_3 for name in names}
    return known


def _by_word(words: dict) -> dict[str, str]:
    return {word: code.value for code, known in words.items() for word in (code.value, *known)}
