"""This file decides how charts are written as Mermaid, for pages that draw it themselves. It does not know a layout."""

from collections.abc import Iterable, Iterator

from ivr_engine.draw.chart import Box, Chart, Sort

_SHAPES = {
    Sort.ENTRY: ("([", "])"),
    Sort.CHOICE: ("{{", "}}"),
    Sort.STEP: ("[", "]"),
    Sort.QUEUE: ("[[", "]]"),
    Sort.END: ("(((", ")))"),
}
_LONGEST = 40  # letters of a text; a page has little room


def as_mermaid(charts: Iterable[Chart]) -> str:
    """All charts as one flow chart, each a part of its own."""
    lines = ["flowchart LR"]
    for number, chart in enumerate(charts, start=1):
        names = {key: f"f{number}b{place}" for place, key in enumerate(chart.boxes)}
        lines.append(f'  subgraph f{number}["{_quoted(chart.title)}"]')
        lines += [f"    {names[key]}{_label(box)}" for key, box in chart.boxes.items()]
        lines += [f"    {line}" for key, box in chart.boxes.items() for line in _arrows(names[key], box, names)]
        lines.append("  end")
    return "\n".join(lines) + "\n"


def _label(box: Box) -> str:
    opening, closing = _SHAPES[box.sort]
    words = [f"{text[:_LONGEST]}…" if len(text) > _LONGEST else text for text in box.texts]
    head = f"{box.title} · {box.word}" if box.word else box.title
    return f'{opening}"{"<br>".join(map(_quoted, [head, *words]))}"{closing}'


def _arrows(name: str, box: Box, names: dict[str, str]) -> Iterator[str]:
    """One arrow for all exits that lead to the same box."""
    labels: dict[tuple[str, bool], list[str]] = {}
    for way in box.exits:
        said = " ".join([way.label, *(remark for remark in way.remarks if "×" in remark)]).strip()
        labels.setdefault((way.to, way.aside), []).append(said)
    for (to, aside), several in labels.items():
        said = _quoted(", ".join(filter(None, several)))
        arrow = "-.->" if aside else "-->"
        yield f'{name} {arrow}|"{said}"| {names[to]}' if said else f"{name} {arrow} {names[to]}"


def _quoted(text: str) -> str:
    """Words that must not be taken for Mermaid's or a page's own signs."""
    for sign, code in (("&", "amp"), ("#", "35"), ('"', "quot"), ("<", "lt"), (">", "gt"), ("`", "96")):
        text = text.replace(sign, f"\0{code}\1")
    return text.replace("\0", "#").replace("\1", ";")
