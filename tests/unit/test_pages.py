"""Reports as pages and Markdown: whole in themselves, and no words from elsewhere become anything but words."""

from html.parser import HTMLParser

from ivr_engine.pages import Code, Heading, Listed, Part, Plot, Said, Table, as_markdown, as_page

HOSTILE = "<script>x</script> | a\nb & ```"
PARTS: list[Part] = [
    Heading(HOSTILE),
    Said(HOSTILE),
    Listed([HOSTILE]),
    Code(HOSTILE),
    Table(HOSTILE, ("", HOSTILE), [(HOSTILE, "1")]),
    Plot(HOSTILE, [HOSTILE, "b"], {HOSTILE: [1.0, None]}, [(0.5, HOSTILE)]),
]


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.append(tag)


def test_hostile_words_are_words_on_a_page() -> None:
    tags = Tags()
    tags.feed(as_page(HOSTILE, PARTS))
    assert "script" not in tags.seen
    assert {"h1", "h2", "p", "li", "pre", "table", "svg", "path"} <= set(tags.seen)


def test_hostile_words_are_words_in_markdown() -> None:
    lines = as_markdown(HOSTILE, PARTS).splitlines()
    code = lines.index("```yaml fragment")
    assert not any("<script" in line for line in [*lines[:code], *lines[lines.index("```", code) :]])
    assert "| &lt;script>x&lt;/script> \\| a b &amp; ``` | 1 |" in lines
    assert lines.count("```") == 1, "what is quoted does not end the quotation"


def test_empty_tables_are_left_out() -> None:
    assert as_markdown("t", [Table("none", ("a",), [])]) == "# t\n"
    assert "none" not in as_page("t", [Table("none", ("a",), [])])


def test_a_line_breaks_where_nothing_is_known_and_marks_stand_where_they_belong() -> None:
    page = as_page("t", [Plot("p", ["a", "b", "c"], {"x": [1.0, None, 2.0]}, [(1.0, "here")], top=4.0)])
    assert page.count("M") >= 2
    assert 'x1="472.0" x2="472.0"' in page
    assert ">here</text>" in page
