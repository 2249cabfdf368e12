import pytest

from tellerdesk.core.masking import mask_name, mask_number


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("", ""),
        ("张", "*"),
        ("张三", "张*"),
        ("欧阳娜娜", "欧**娜"),
        ("阿依古丽·买买提", "阿******提"),
        ("𬭊青", "𬭊*"),
    ],
)
def test_a_name_keeps_its_first_and_last_character(name, masked):
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("11010519491231002X", "110105********002X"),
        ("110105491231002", "110105*****1002"),
        ("H12345641", "H******41"),
        ("12345631", "******31"),
        ("A1", "A*"),
        ("", ""),
    ],
)
def test_a_number_keeps_too_little_to_be_read(number, masked):
    assert mask_number(number) == masked
