"""民族 by the codes that a card's chip carries (GB/T 3304): two digits, or the word itself."""

# 01 to 56 in the order of the standard.
NAMES = (
    "汉", "蒙古", "回", "藏", "维吾尔", "苗", "彝", "壮", "布依", "朝鲜", "满", "侗", "瑶", "白",
    "土家", "哈尼", "哈萨克", "傣", "黎", "傈僳", "佤", "畲", "高山", "拉祜", "水", "东乡", "纳西", "景颇",
    "柯尔克孜", "土", "达斡尔", "仫佬", "羌", "布朗", "撒拉", "毛南", "仡佬", "锡伯", "阿昌", "普米", "塔吉克", "怒",
    "乌孜别克", "俄罗斯", "鄂温克", "德昂", "保安", "裕固", "京", "塔塔尔", "独龙", "鄂伦春",
    "赫哲", "门巴", "珞巴", "基诺",
)  # fmt: skip
BY_CODE = {f"{place:02}": name for place, name in enumerate(NAMES, start=1)}


def ethnic_group(text: str) -> str:
    """As the file writes it, 汉族; blank for a code that no group has."""
    name = BY_CODE.get(text.zfill(2) if text.isdigit() else "", "" if text.isdigit() else text)
    return f"{name}族" if name and not name.endswith("族") else name
