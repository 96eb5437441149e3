"""The picture's geometry, for any parts and links."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.diagram.architecture import CLIENT, Architecture, Link, Part
from portfolio.diagram.svg import draw
from tests.diagram.picture import check_geometry, count_crossings, read_picture

TITLE = "example · prod"


def architecture(*links: tuple[str, str], client: str | None = None) -> Architecture:
    names = sorted({name for link in links for name in link})
    services = (("AWS", ("table",)),)
    parts = [Part(name, f"Part {name}", "request", ("fact",), services) for name in names]
    if client:
        parts.insert(0, Part(CLIENT, "Browser", "client"))
        links = ((CLIENT, client), *links)
    return Architecture(TITLE, tuple(parts), tuple(Link(*link, "uses") for link in links))


@pytest.mark.parametrize(
    ("links", "client"),
    [
        pytest.param([("a", "b"), ("b", "c"), ("a", "c")], "a", id="an arrow passes a row"),
        pytest.param([("a", "b"), ("b", "a")], "a", id="both ways"),
        pytest.param([("a", "b"), ("b", "c"), ("c", "a")], None, id="a cycle"),
        pytest.param([("watch", "a"), ("a", "b")], "a", id="a part beside the way"),
    ],
)
def test_every_link_is_an_arrow_that_keeps_clear_of_boxes(
    links: list[tuple[str, str]], client: str | None
) -> None:
    picture = read_picture(draw(architecture(*links, client=client)))
    assert len(picture.arrows) == len(links) + bool(client)
    check_geometry(picture)


NAMES = st.sampled_from("abcdefgh")
LINKS = st.tuples(NAMES, NAMES).filter(lambda link: link[0] != link[1])


@settings(max_examples=40, deadline=None)
@given(st.lists(LINKS, min_size=1, max_size=14, unique=True))
def test_arrows_of_any_links_keep_clear_of_boxes(links: list[tuple[str, str]]) -> None:
    check_geometry(read_picture(draw(architecture(*links, client=links[0][0]))))


def test_the_order_without_crossings_is_found() -> None:
    # In the order of their names, the arrows would cross; so they do after the first sweep.
    needs = {
        "api": ["f", "identity"],
        "f": ["identity", "key", "table"],
        "w": ["api", "f", "table"],
    }
    links = [(source, target) for source, targets in needs.items() for target in targets]
    picture = read_picture(draw(architecture(*links, client="api")))
    assert count_crossings(picture) == 0


def test_crossings_that_no_order_avoids_are_drawn() -> None:
    links = [(source, target) for source in "ab" for target in "cd"]
    assert count_crossings(read_picture(draw(architecture(*links)))) == 1


def test_an_arrow_against_the_flow_has_its_head_at_the_upper_end() -> None:
    svg = draw(architecture(("a", "b"), ("b", "a")))
    (down, up), boxes = read_picture(svg).arrows, read_picture(svg).boxes
    upper, lower = sorted(box.y for box in boxes)
    height = boxes[0].height
    assert f"L {down[-1][0]:g} {lower:g} Z" in svg
    assert f"L {up[0][0]:g} {upper + height:g} Z" in svg


def test_names_are_escaped() -> None:
    name = "<script>&\"'</text>"
    part = Part("a", name, "request", (name,), ((name, (name,)),))
    links = (Link("a", "b", name),)
    svg = draw(Architecture(name, (part, Part("b", "Other", "end")), links))
    assert "<script" not in svg
    # The frame's title, the part's title, fact, service and resource, and the label.
    assert read_picture(svg).texts.count(name) == 6


def test_the_picture_needs_nothing_from_outside() -> None:
    svg = draw(architecture(("a", "b"), client="a"))
    without_namespace = svg.replace('xmlns="http://www.w3.org/2000/svg"', "")
    for word in ("http:", "https:", "url(", "<script", "<image", "@import", "@font-face"):
        assert word not in without_namespace


def test_the_picture_describes_itself() -> None:
    svg = draw(architecture(("a", "b")))
    assert 'role="img"' in svg
    assert f'<title id="title">Architecture of {TITLE}</title>' in svg
    assert '<desc id="description">Part a uses Part b.</desc>' in svg
    assert "@media (prefers-color-scheme: dark)" in svg
