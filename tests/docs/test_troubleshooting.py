"""The pages quote messages that the code can print."""

import pytest

from tests.docs.messages import is_known, message_patterns, quoted_messages
from tests.docs.pages import PAGES

PAGE = "docs/troubleshooting.md"


def test_every_quoted_message_is_one_of_the_code() -> None:
    patterns = message_patterns()
    quoted = {page: quoted_messages(text) for page, text in PAGES.items()}
    assert len(quoted[PAGE]) > 25
    unknown = [
        f"{page}: {message}"
        for page, messages in quoted.items()
        for message in messages
        if not is_known(message, patterns)
    ]
    assert unknown == []


@pytest.mark.parametrize(
    "message",
    [
        "Port 8000 is taken: choose another, for example make up PORT=8001.",
        "make up is not running on port 8123",
        "There is nothing to see here.",
    ],
)
def test_another_message_is_noticed(message: str) -> None:
    assert not is_known(message, message_patterns())


def test_the_readers_of_the_old_guide_find_their_questions() -> None:
    headings = {line for line in PAGES[PAGE].splitlines() if line.startswith("## ")}
    assert headings == {"## Build", "## Dependencies", "## Local stage", "## Tests", "## Logs"}
