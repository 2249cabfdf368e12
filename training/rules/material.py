"""A course's text: headings (`## …`), lists (`- …`) and paragraphs, nothing else."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Block:
    """A paragraph has one line; a list has one per entry."""

    is_list: bool
    lines: list[str]


@dataclass(frozen=True)
class Section:
    number: int
    title: str
    blocks: list[Block] = field(default_factory=list)


def parse(text: str) -> list[Section]:
    """Text before the first heading is section 0 without a title."""
    sections = [Section(0, "")]
    fresh = True
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("## "):
            sections.append(Section(len(sections), line[3:].strip()))
        elif line:
            _add(sections[-1].blocks, line, fresh)
        fresh = not line
    return [section for section in sections if section.title or section.blocks]


def _add(blocks: list[Block], line: str, fresh: bool) -> None:
    """A line goes on with the block above it unless a blank one stands between."""
    is_list = line.startswith("- ")
    text = line[2:].strip() if is_list else line
    if not blocks or fresh or blocks[-1].is_list != is_list:
        blocks.append(Block(is_list, [text]))
    elif is_list:
        blocks[-1].lines.append(text)
    else:
        blocks[-1].lines[-1] += text
