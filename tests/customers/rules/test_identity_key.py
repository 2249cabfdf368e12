import pytest

from customers.rules.identity_key import identity_key


@pytest.mark.parametrize(
    ("kind", "number", "key"),
    [
        ("resident_id", "11010519491231002X", "CN:11010519491231002X"),
        ("temporary_resident_id", "11010519491231002X", "CN:11010519491231002X"),
        ("household_register", "11010519491231002X", "CN:11010519491231002X"),
        ("resident_id", "110105491231002", "CN:11010519491231002X"),
        ("hk_macao_permit", "H1234567800", "hk_macao_permit:H12345678"),
        ("hk_macao_permit", "H12345678", "hk_macao_permit:H12345678"),
        ("hk_macao_permit", "HA1234567", "hk_macao_permit:HA1234567"),
        ("taiwan_permit", "12345678", "taiwan_permit:12345678"),
        ("hmt_residence_permit", "810000199408230021", "hmt_residence_permit:810000199408230021"),
        ("permanent_residence_card", "KAZ110090123105", "permanent_residence_card:KAZ110090123105"),
        ("chinese_passport", "E12345678", "chinese_passport:E12345678"),
        ("driving_licence", "11010519491231002X", None),
        ("social_security_card", "11010519491231002X", None),
        ("other", "A-1", None),
    ],
)
def test_one_person_one_key(kind, number, key):
    assert identity_key(kind, number) == key
