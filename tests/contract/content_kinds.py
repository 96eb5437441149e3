"""The three kinds of content: what each is made of, and where its fields' bounds lie."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

TEXT: Final = ("", None, 7, True, {"swordfish": 1})
"""What no field of text takes."""

SWITCH: Final = (None, 1, "true", "swordfish")
"""What no boolean takes."""

URL: Final = (
    *("", 7, "swordfish", "//swordfish.example", "ftp://swordfish.example"),
    *("javascript:swordfish", "https://", "/swordfish"),
)
"""What no field with a URL takes."""

LONGEST_URL: Final = "https://example.com/".ljust(2_000, "x")

SERVER_KEYS: Final = frozenset({"id", "status", "createdAt", "updatedAt"})


class Bound(NamedTuple):
    """The largest value of a field that is taken, and the next one, which is not."""

    largest: Any
    too_large: Any


@dataclass(frozen=True)
class Kind:
    """What the contract says of one kind of content."""

    content_type: str
    """Its name in analytics."""

    base: str
    list_key: str
    top_key: str
    """Its key in the top list of analytics."""

    required: Mapping[str, Any]
    """A valid body."""

    changes: Mapping[str, Any]
    """Another value for each field."""

    optional: tuple[str, ...]
    server_keys: frozenset[str]
    bounds: Mapping[str, tuple[Bound, ...]]
    wrong: Mapping[str, tuple[Any, ...]]

    def body(self, **changes: Any) -> dict[str, Any]:
        return {**self.required, **changes}


def rounds[Value](values: Mapping[str, tuple[Value, ...]]) -> list[dict[str, Value]]:
    """Return the first value of every field, then the second of those that have one, ..."""
    longest = max(map(len, values.values()))
    return [
        {name: each[number] for name, each in values.items() if number < len(each)}
        for number in range(longest)
    ]


URL_BOUND: Final = Bound(LONGEST_URL, f"{LONGEST_URL}x")


def _characters(limit: int) -> tuple[Bound]:
    # Of two bytes each, so that a bound in bytes would show.
    return (Bound("é" * limit, _swordfish(limit + 1)),)


def _bytes(limit: int) -> tuple[Bound]:
    return (Bound("é" * (limit // 2), "é" * (limit // 2) + "x"),)


def _texts(limit: int) -> tuple[Bound, Bound]:
    texts = [f"text {number}" for number in range(limit + 1)]
    return Bound(texts[:limit], texts), Bound(["é" * 50], ["fine", _swordfish(51)])


def _swordfish(length: int) -> str:
    """A text of a length, whose value an answer may not repeat."""
    return ("swordfish" * length)[:length]


POST: Final = Kind(
    content_type="blog",
    base="/blog/posts",
    list_key="posts",
    top_key="blogs",
    required={
        "title": "A post of the contract's tests",
        "excerpt": "Short.",
        "content": "Long enough: naïve, 世界, 😀.",
        "category": "Contract tests",
        "tags": ["contract", "tests"],
    },
    changes={
        "title": "Another title",
        "excerpt": "Shorter.",
        "content": "Longer than that.",
        "category": "Other contract tests",
        "tags": ["other"],
    },
    optional=(),
    server_keys=SERVER_KEYS | {"slug", "readTime", "publishedAt"},
    bounds={
        "title": _characters(200),
        "excerpt": _characters(500),
        "content": _bytes(300_000),
        "category": _characters(100),
        "tags": _texts(20),
    },
    wrong={
        "title": TEXT,
        "excerpt": TEXT,
        "content": TEXT,
        "category": TEXT,
        "tags": ([], [""], [7], [None], None, "swordfish", ["swordfish", "swordfish"]),
    },
)

PROJECT: Final = Kind(
    content_type="project",
    base="/projects",
    list_key="projects",
    top_key="projects",
    required={
        "name": "A project of the contract's tests",
        "description": "Short.",
        "longDescription": "Long enough: naïve, 世界, 😀.",
        "tech": ["Python", "Pulumi"],
        "company": "Contract tests",
        "featured": False,
    },
    changes={
        "name": "Another name",
        "description": "Shorter.",
        "longDescription": "Longer than that.",
        "tech": ["Other"],
        "company": "Other contract tests",
        "featured": True,
        "githubUrl": "https://example.com/source",
        "liveUrl": "http://example.com:8080/live?page=1#top",
        "imageUrl": "https://example.com/image.png",
    },
    optional=("githubUrl", "liveUrl", "imageUrl"),
    server_keys=SERVER_KEYS,
    bounds={
        "name": _characters(200),
        "description": _characters(500),
        "longDescription": _bytes(100_000),
        "tech": _texts(50),
        "company": _characters(2_000),
        "githubUrl": (URL_BOUND,),
        "liveUrl": (URL_BOUND,),
        "imageUrl": (URL_BOUND,),
    },
    wrong={
        "name": TEXT,
        "description": TEXT,
        "longDescription": TEXT,
        "tech": ([], [""], [7], [None], None, "swordfish"),
        "company": TEXT,
        "featured": SWITCH,
        "githubUrl": URL,
        "liveUrl": URL,
        "imageUrl": URL,
    },
)

CERTIFICATION: Final = Kind(
    content_type="certification",
    base="/certifications",
    list_key="certifications",
    top_key="certifications",
    required={
        "name": "A certification of the contract's tests",
        "issuer": "Contract tests",
        "icon": "🏅",
        "type": "certification",
        "featured": False,
        "description": "Long enough: naïve, 世界, 😀.",
        "dateEarned": "2024-02-29",
    },
    changes={
        "name": "Another name",
        "issuer": "Other contract tests",
        "icon": "☁️",
        "type": "course",
        "featured": True,
        "description": "Longer than that.",
        "credentialUrl": "https://example.com/credential",
        "dateEarned": "2023-12-31",
    },
    optional=("credentialUrl",),
    server_keys=SERVER_KEYS,
    bounds={
        "name": _characters(200),
        "issuer": _characters(2_000),
        "icon": _characters(10),
        "description": _characters(2_000),
        "credentialUrl": (URL_BOUND,),
    },
    wrong={
        "name": TEXT,
        "issuer": TEXT,
        "icon": TEXT,
        "type": ("", None, 7, "Course", "swordfish"),
        "featured": SWITCH,
        "description": TEXT,
        "credentialUrl": URL,
        "dateEarned": (
            *("", None, 7, "swordfish", "2023-02-29", "2024-1-1", "01.02.2024"),
            *("2024-02-29T00:00:00Z", "20240229"),
        ),
    },
)

KINDS: Final = (POST, PROJECT, CERTIFICATION)
