import pytest

from tests.bench.crowds import CROWDS, TRANSACTIONS, Crowd, one_shard


@pytest.mark.parametrize("held", TRANSACTIONS)
@pytest.mark.parametrize("crowd", CROWDS, ids=lambda crowd: crowd.name)
def test_no_visitor_of_a_crowd_is_turned_away(crowd: Crowd, held: float) -> None:
    assert crowd.simulate(held).turned_away == 0


def test_with_one_shard_many_would_be_turned_away() -> None:
    longest = max(TRANSACTIONS)
    assert min(crowd.simulate(longest, one_shard).turned_away for crowd in CROWDS) > 0.2
    # Without conflicts, one shard is enough.
    assert Crowd(10, 60).simulate(longest, one_shard).turned_away == 0
