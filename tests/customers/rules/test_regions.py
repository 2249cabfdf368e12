import pytest

from customers.rules.regions import PROVINCES, find_region


@pytest.mark.parametrize(
    ("code", "place"),
    [
        ("330106", "浙江省 杭州市 西湖区"),
        ("110105", "北京市 朝阳区"),
        ("429004", "湖北省 仙桃市"),
        ("441900", "广东省 东莞市"),
        ("110103", "北京市 崇文区"),
        ("653229", "新疆维吾尔自治区 和田地区 和安县"),
        ("350404", "福建省 三明市 三元区"),
        ("330199", "浙江省 杭州市"),
        ("999999", ""),
    ],
)
def test_place_names(code, place):
    assert str(find_region(code)) == place


@pytest.mark.parametrize(
    ("code", "known", "retired_in"),
    [
        ("110105", True, ""),
        ("310103", True, "2010"),
        ("110221", True, "1998"),
        ("340524", False, ""),
        ("110199", False, ""),
    ],
)
def test_known_and_retired(code, known, retired_in):
    region = find_region(code)
    assert (region.is_known, region.retired_in) == (known, retired_in)


def test_there_are_31_provinces_and_all_have_names():
    assert len(PROVINCES) == 31
    assert [code for code in PROVINCES if not find_region(f"{code}0000").names] == []
