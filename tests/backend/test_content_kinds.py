"""The registry of kinds."""

from src.api.kinds import KINDS


def test_no_two_kinds_share_a_name_or_a_path() -> None:
    for names in (
        [api.kind.name for api in KINDS],
        [api.path for api in KINDS],
        [api.plural for api in KINDS],
        [api.content_type for api in KINDS],
        [api.top_key for api in KINDS],
    ):
        assert len(set(names)) == len(names)
