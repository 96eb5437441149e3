"""GitHub as its command line has it: the program `gh`, with open pull requests and comments.

Run as `gh`, with a file of JSON in `FAKE_GITHUB`. Filters are jq's own business, as they are gh's.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

COMMENT = re.compile(r"repos/ann/api/issues/comments/(\d+)")
COMMENTS = re.compile(r"repos/ann/api/issues/(\d+)/comments(\?per_page=100)?")
BOT = "github-actions[bot]"


def main() -> None:
    file = Path(os.environ["FAKE_GITHUB"])
    github: dict[str, Any] = json.loads(file.read_text())
    answer(github, sys.argv[1:])
    file.write_text(json.dumps(github))


def answer(github: dict[str, Any], words: list[str]) -> None:
    if github.get("down"):
        sys.exit("HTTP 503")
    if words[:2] == ["pr", "list"]:
        options = parse(words[2:], "--state", "--limit", "--json", "--jq")
        assert (options.state, options.json) == ("open", "number")
        show([{"number": number} for number in github["open"]], options.jq)
    else:
        assert words[0] == "api"
        call(github, words[1:])


def call(github: dict[str, Any], words: list[str]) -> None:
    options = parse(words, "--method", "--raw-field", "--jq", "path")
    comments: list[dict[str, Any]] = github["comments"]
    body = (options.raw_field or "").removeprefix("body=")
    if one := COMMENT.fullmatch(options.path):
        comment = next(each for each in comments if each["id"] == int(one[1]))
        if options.method == "PATCH":
            comment["body"] = body
        show(comment, options.jq)
    elif COMMENTS.fullmatch(options.path) and options.method == "POST":
        comments.append({"id": len(comments) + 1, "user": {"login": BOT}, "body": body})
    else:
        assert COMMENTS.fullmatch(options.path), options.path
        show(comments, options.jq)


def parse(words: list[str], *known: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    for name in known:
        parser.add_argument(name)
    parser.add_argument("--paginate", action="store_true")
    parser.add_argument("--silent", action="store_true")
    return parser.parse_args(words)


def show(found: object, jq: str | None) -> None:
    if jq:
        subprocess.run(["jq", "--raw-output", jq], input=json.dumps(found), text=True, check=True)


if __name__ == "__main__":
    main()
