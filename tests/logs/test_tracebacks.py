"""Tracebacks in short: our frames as places in the checkout, frames of libraries in one line."""

from typing import Final

import pytest

from infra.paths import PROJECT
from portfolio.logs.tracebacks import shorten_tracebacks

COPY: Final = f"/dev/shm/portfolio-emulator-x1/ministack-lambda-local-{PROJECT}-y2/code"  # noqa: S108
PYTHON: Final = "/root/.pyenv/versions/3.12.1/lib/python3.12"

FAILURE: Final = """\
Traceback (most recent call last):
  File "{zip}/starlette/routing.py", line 73, in app
    response = await f(request)
               ^^^^^^^^^^^^^^^^
  File "{zip}/fastapi/routing.py", line 301, in app
    raw_response = await run_endpoint_function(
                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "{zip}/src/api/content.py", line 172, in find
    found = repository.find(query)
            ^^^^^^^^^^^^^^^^^^^^^^
  File "{zip}/src/repositories/content.py", line 90, in <lambda>
    return self._lists.find(query)
  [Previous line repeated 2 more times]
  File "{zip}/botocore/client.py", line 606, in _api_call
    return self._make_api_call(operation_name, kwargs)
KeyError: 'a'"""

SHORT: Final = """\
Traceback (most recent call last):
  … 2 frames of starlette, fastapi
  backend/src/api/content.py:172 in find
    found = repository.find(query)
            ^^^^^^^^^^^^^^^^^^^^^^
  backend/src/repositories/content.py:90 in <lambda>
    return self._lists.find(query)
  [Previous line repeated 2 more times]
  … 1 frame of botocore
KeyError: 'a'"""

GROUP: Final = """\
  + Exception Group Traceback (most recent call last):
  |   File "/var/task/anyio/_backends/_asyncio.py", line 815, in __aexit__
  |     raise BaseExceptionGroup(
  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/var/task/src/app.py", line 3, in work
    |     raise ValueError
    | ValueError
    +------------------------------------"""

SHORT_GROUP: Final = """\
  + Exception Group Traceback (most recent call last):
  |   … 1 frame of anyio
  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   backend/src/app.py:3 in work
    |     raise ValueError
    | ValueError
    +------------------------------------"""


@pytest.mark.parametrize("unpacked", ["/var/task", COPY])
def test_our_frames_are_places_in_the_checkout_and_others_are_counted(unpacked: str) -> None:
    assert shorten_tracebacks(FAILURE.replace("{zip}", unpacked)) == SHORT


@pytest.mark.parametrize("unpacked", ["/var/task", COPY])
def test_every_frame_can_be_shown(unpacked: str) -> None:
    lines = shorten_tracebacks(FAILURE.replace("{zip}", unpacked), full=True).splitlines()
    assert len(lines) == len(FAILURE.splitlines())
    assert "  fastapi/routing.py:301 in app" in lines
    assert "  backend/src/api/content.py:172 in find" in lines
    assert "  botocore/client.py:606 in _api_call" in lines


def test_the_frames_of_a_group_are_shortened() -> None:
    assert shorten_tracebacks(GROUP) == SHORT_GROUP


@pytest.mark.parametrize(
    ("path", "library"),
    [
        (f"{COPY}/typing_extensions.py", "typing_extensions"),
        (f"{PYTHON}/asyncio/runners.py", "Python"),
        ("/var/lang/lib/python3.12/json/decoder.py", "Python"),
        ("/var/runtime/bootstrap.py", "Python"),
        ("<frozen importlib._bootstrap>", "Python"),
        ("/work/.venv/lib/python3.12/site-packages/src/odd.py", "src"),
    ],
)
def test_the_library_of_a_frame_is_named(path: str, library: str) -> None:
    assert shorten_tracebacks(f'  File "{path}", line 3, in f\n    source') == (
        f"  … 1 frame of {library}"
    )


def test_a_syntax_error_names_its_place() -> None:
    text = f'  File "{COPY}/src/app.py", line 7\n    x = (\n        ^\nSyntaxError: never closed'
    assert shorten_tracebacks(text).splitlines()[0] == "  backend/src/app.py:7"


@pytest.mark.parametrize(
    "text",
    ["", "hello", "a\n  b\n\nc", '  File "x.py", line 3, in f\n    source', 'File "/var/task'],
)
def test_all_other_text_stays(text: str) -> None:
    assert shorten_tracebacks(text) == text
