"""Where sample customers live and work: real counties, invented streets (样例路) and employers."""

from dataclasses import dataclass
from random import Random

from customers.enums import Occupation
from customers.rules.regions import find_region

HOME_COUNTIES = ("330106", "330110", "330203", "330302", "330602")  # around the sample bank
FAR_COUNTIES = ("110105", "310101", "320102", "370102", "440106", "510104", "620102", "610102")
OLD_COUNTIES = ("310103", "110103", "120107", "440102", "342401")  # retired codes, carried by the older
STREETS = ("样例路", "样例街", "示范路", "示范大道", "样本巷", "样例新村", "示例弄")
EMPLOYERS = {
    Occupation.GOVERNMENT: ("示例区档案馆", "示例街道办事处"),
    Occupation.PROFESSIONAL: ("示例建筑设计院", "示例医院", "示例中学"),
    Occupation.CLERICAL: ("示例物流有限公司", "示例软件有限公司"),
    Occupation.COMMERCE_SERVICE: ("示例百货商场", "示例餐饮有限公司"),
    Occupation.PRODUCTION_TRANSPORT: ("示例纺织有限公司", "示例公共交通公司"),
    Occupation.AGRICULTURE: ("示例茶业合作社", "示例水产养殖场"),
    Occupation.MILITARY: ("示例部队",),
    Occupation.OTHER: ("示例工作室",),
}
OTHER_OCCUPATIONS = ("网约车司机", "自由撰稿人", "家政服务", "网店经营")
WORKING_AGES = (
    Occupation.PROFESSIONAL,
    Occupation.CLERICAL,
    Occupation.COMMERCE_SERVICE,
    Occupation.PRODUCTION_TRANSPORT,
    Occupation.AGRICULTURE,
    Occupation.GOVERNMENT,
    Occupation.UNEMPLOYED,
    Occupation.OTHER,
)
WEIGHTS = (20, 18, 24, 18, 8, 6, 3, 3)
MOBILE_BLOCK = "154"  # right in form; no operator sells numbers of it to the public
RETIRES_AT, LEAVES_SCHOOL_AT, STARTS_SCHOOL_AT = 60, 19, 6


@dataclass(frozen=True)
class Living:
    """How a person can be reached and what he does, as keyword arguments of the particulars."""

    occupation: str
    occupation_detail: str
    address: str
    employer_address: str
    mobile: str
    phone: str
    email: str


def living(chance: Random, *, age: int, occupation: str = "") -> Living:
    """One in twenty gives the workplace only, one in ten a telephone or e-mail as well."""
    occupation = occupation or occupation_at(chance, age)
    employer = employer_address(chance, occupation)
    further = chance.random()
    return Living(
        occupation=occupation,
        occupation_detail=chance.choice(OTHER_OCCUPATIONS) if occupation == Occupation.OTHER else "",
        address="" if employer and chance.random() < 0.05 else address(chance, chance.choice(HOME_COUNTIES)),
        employer_address=employer,
        mobile=MOBILE_BLOCK + digits(chance, 8),
        phone=f"0571-8{digits(chance, 7)}" if further < 0.05 else "",
        email=f"sample{digits(chance, 5)}@example.com" if further > 0.95 else "",
    )


def occupation_at(chance: Random, age: int) -> Occupation:
    if age < LEAVES_SCHOOL_AT:
        return Occupation.STUDENT if age >= STARTS_SCHOOL_AT else Occupation.UNEMPLOYED
    if age >= RETIRES_AT and chance.random() < 0.9:
        return Occupation.RETIRED
    return chance.choices(WORKING_AGES, WEIGHTS)[0]


def address(chance: Random, county: str) -> str:
    house = f"{chance.randint(1, 398)}号"
    flat = f"{chance.randint(1, 12)}幢{chance.randint(1, 6)}0{chance.randint(1, 4)}室" if chance.random() < 0.7 else ""
    return str(find_region(county)).replace(" ", "") + chance.choice(STREETS) + house + flat


def employer_address(chance: Random, occupation: str) -> str:
    names = EMPLOYERS.get(occupation)
    if not names or chance.random() < 0.5:
        return ""
    return f"{address(chance, chance.choice(HOME_COUNTIES[:2]))} {chance.choice(names)}"


def police_of(county: str) -> str:
    """The issuing authority of a resident's card; where the county is no more, that of the bank's own."""
    region = find_region(county)
    return f"{(find_region(HOME_COUNTIES[0]) if region.retired_in else region).names[-1]}公安局"


def digits(chance: Random, count: int) -> str:
    return "".join(chance.choices("0123456789", k=count))
