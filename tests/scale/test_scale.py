"""The page docs/scale.md has the tables of today's code, and they say what the page says."""

import pytest

from tests.scale import crowds
from tests.scale.growth import SETUPS, simulate
from tests.scale.limits import limits_of
from tests.scale.page import PAGE, write_tables


def test_the_tables_of_the_page_are_up_to_date() -> None:
    text = PAGE.read_text()
    assert write_tables(text) == text, "run `uv run python -m tests.scale`"


@pytest.mark.parametrize(("rate", "setups"), [(1, 0), (1000, 1), (3000, 2), (10_000, 3)])
def test_each_change_moves_the_limit(rate: int, setups: int) -> None:
    answered = [simulate(setup, rate).answered for setup in SETUPS[: setups + 1]]
    assert answered[-1] == pytest.approx(1)
    assert all(part < 1 for part in answered[:-1])


@pytest.mark.parametrize(("shards", "below", "above"), [(64, 400, 900), (128, 900, 1800)])
def test_the_simulated_limit_of_shards_is_the_one_on_paper(
    shards: int, below: int, above: int
) -> None:
    limits = limits_of("POST /visitors/track", rate=10_000, open_rate=10_000, keys=shards // 64)
    assert below < limits[0].rate == 500 * shards / 64 < above
    assert crowds.simulate(below, shards).turned_away == 0
    assert crowds.simulate(above, shards).turned_away > 0.1
    # Twice the shards take twice the visitors.
    assert crowds.simulate(above, 2 * shards).turned_away == 0


def test_more_shards_do_not_move_the_limit_of_reads() -> None:
    limits = limits_of("POST /visitors/track", rate=10_000, open_rate=10_000, keys=8)
    assert 2600 < limits[0].rate < 2800
    assert limits[0].name == "reads of `visitors`"
