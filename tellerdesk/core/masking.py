"""What lists, audit, logs and exports show instead of names and numbers (rules 1.2.5)."""


def mask_name(name: str) -> str:
    """张三 → 张*, 欧阳娜娜 → 欧**娜: the first character, and the last one where there are three or more."""
    if len(name) < 2:
        return "*" * len(name)
    last = name[-1] if len(name) > 2 else ""
    return name[0] + "*" * (len(name) - 1 - len(last)) + last


def mask_number(number: str) -> str:
    """110105********002X for fifteen characters and more; H******41 and ******31 for the shorter ones."""
    if len(number) >= 15:
        return number[:6] + "*" * (len(number) - 10) + number[-4:]
    head = number[:1] if number[:1].isalpha() else ""
    tail = number[-2:] if len(number) >= 6 else ""
    return head + "*" * (len(number) - len(head) - len(tail)) + tail


def mask_mobile(number: str) -> str:
    """13900000128 → 139****0128; a shorter one is hidden whole."""
    if len(number) <= 7:
        return "*" * len(number)
    return number[:3] + "*" * (len(number) - 7) + number[-4:]
