"""Commands of Pulumi's that the pages name, as the engine knows them."""

import re
from collections import defaultdict

from infra.paths import ROOT
from tests.docs.pages import commands_of
from tests.real.engine.built_engine import find_engine


def test_commands_of_pulumis_exist_with_their_options() -> None:
    engine = find_engine()
    options: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for _, words in commands_of("pulumi"):
        names = tuple(word for word in words[:2] if re.fullmatch("[a-z]+", word))
        options[names] |= {word.partition("=")[0] for word in words if word.startswith("-")}
    assert len(options) > 4
    for names, named in options.items():
        run = engine.run([*names, "--help"], str(ROOT), {"HOME": "/nonexistent"})
        printed: str = run.stdout
        # What it does not know, it takes for an argument of the command before it.
        usage = printed.partition("Usage:")[2].partition("Flags:")[0]
        assert set(names) <= set(re.findall(r"[a-z]+", usage)), names
        assert named <= set(re.findall(r"(?<!\S)--?[a-zA-Z-]+", printed)), names
