"""What sample customers' documents show today: scans, a further paper, suspensions proposed and put off."""

import struct
import zlib
from datetime import timedelta

from customers.citizen_check import is_simulated
from customers.enums import CustomerStatus
from customers.jobs.propose_suspensions import propose_suspensions
from customers.models import Customer, IdentityDocument
from customers.rules.further import FurtherPaper
from customers.selectors.limits import grace_days
from customers.services import add_document, add_image, postpone_suspension
from tellerdesk.core.ages import years_after
from tellerdesk.core.business_date import today
from tellerdesk.files.storage import keep
from tellerdesk.files.uploads import SealedUpload
from tellerdesk.staff.models import Staff

WIDTH, HEIGHT = 340, 214  # a card's proportions
BACKGROUNDS = ((0xDC, 0xE8, 0xF2), (0xEF, 0xE6, 0xD8), (0xE0, 0xEE, 0xE2))
GROUNDS = (("住院治疗，家属已告知出院日期", 45), ("出国务工，护照签注期满前回国更换", 120))


def load_papers(*, progress=print) -> None:
    """After the customers; nothing where there are none."""
    teller = Staff.objects.filter(username="teller").first()
    if teller is None or not is_simulated():
        return
    scan_some(teller)
    ask_for_a_passport(teller)
    put_off_some(Staff.objects.get(username="manager"))
    done = propose_suspensions()
    progress(f"sample documents: {done.proposed} suspensions proposed")


def customers_of(teller: Staff):
    found = Customer.objects.reachable_by(teller).filter(home_branch=teller.branch, status=CustomerStatus.ACTIVE)
    return found.filter(amendments=None).order_by("-pk")


def scan_some(teller: Staff) -> None:
    """Both sides of the newest customers' cards."""
    cards = customers_of(teller).filter(documents__document_type="resident_id")
    for customer, background in zip(cards[: len(BACKGROUNDS)], BACKGROUNDS, strict=False):
        document = customer.documents.primary().get()
        for side, is_front in (("front", True), ("back", False)):
            upload = arrived(picture(background, with_portrait=is_front))
            add_image(customer=customer, of=document, side=side, upload=upload, by=teller)
            upload.close()


def ask_for_a_passport(teller: Staff) -> None:
    customer = customers_of(teller).filter(documents__document_type="resident_id", nationality="CHN")[4]
    since = years_after(today(), -2)
    passport = FurtherPaper("chinese_passport", "E80012345", since, years_after(since, 10) - timedelta(days=1))
    reason = "客户补登护照，原件已核"
    request = add_document(customer=customer, further=passport, in_person=True, reason=reason, by=teller)
    upload = arrived(picture(BACKGROUNDS[1], with_portrait=True))
    add_image(customer=customer, of=request, side="page", upload=upload, by=teller)
    upload.close()


def put_off_some(manager: Staff) -> None:
    over = today() - timedelta(days=grace_days(manager.legal_entity_id))
    documents = IdentityDocument.objects.primary().filter(
        valid_until__lt=over, customer__home_branch=manager.branch, customer__status=CustomerStatus.ACTIVE
    )
    for document, (ground, days) in zip(documents.order_by("valid_until", "pk"), GROUNDS, strict=False):
        until = today() + timedelta(days=days)
        postpone_suspension(customer=document.customer, until=until, ground=ground, by=manager)


def arrived(data: bytes) -> SealedUpload:
    return SealedUpload(keep([data]), too_large=False, name="scan.png", content_type="image/png")


def picture(background: tuple[int, int, int], *, with_portrait: bool) -> bytes:
    """A made-up card as a PNG: lines for words, a box for the portrait."""
    rows = b"".join(b"\x00" + b"".join(row(background, y, with_portrait)) for y in range(HEIGHT))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def row(background: tuple[int, int, int], y: int, with_portrait: bool):
    light, dark = bytes(background), bytes(value // 2 for value in background)
    is_line = 30 <= y < 180 and y % 30 < 8
    for x in range(WIDTH):
        in_portrait = with_portrait and 225 <= x < 310 and 40 <= y < 150
        yield dark if in_portrait or (is_line and 20 <= x < (200 if with_portrait else 320)) else light


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
