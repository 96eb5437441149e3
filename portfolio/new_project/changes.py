"""The text of a new project's files: names replaced, and this project's own history left out."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from infra.bootstrap.settings import BOOTSTRAP
from infra.package.lock import BACKEND_PROJECT
from infra.paths import PROJECT, ROOT
from infra.settings.files import parse_file, stage_config
from portfolio.new_project.names import ZONE_ID, ProjectNames
from src import SITE, TITLE

_OF_THE_STACK: Final = re.compile(
    r"^(?:encryptedkey|encryptionsalt|secretsprovider):.*\n"
    r"|^  [\w-]+:(?:adopt\w+|pinnedVersion):.*\n"
    r"|^  [\w:-]+:\n    secure:.*\n",
    re.MULTILINE,
)
"""Lines of a settings file about one deployed stack: its keys, secrets, adopted resources, pin."""

_TIERS: Final = {"dev": "dev_account", "preview": "dev_account", "prod": "prod_account"}
"""The account of each settings file, `Pulumi.<stage>.yaml`, in both Pulumi projects."""


class Changes:
    """The changes to this checkout's files that make a project of other names."""

    def __init__(self, names: ProjectNames, origin: str) -> None:
        """Prepare the replacements.

        Args:
            names: the names of the new project.
            origin: the commit of this checkout, for the changelog.
        """
        self._names = names
        self._origin = origin
        self._new = dict(_replacements(names))
        # Of two texts that begin at the same place, the longer one is meant.
        longest_first = sorted(self._new, key=len, reverse=True)
        self._old = re.compile("|".join(map(re.escape, longest_first)))

    def apply(self, path: str, content: bytes) -> bytes:
        """Return a file's new content; a file that is not text stays unchanged.

        Args:
            path: the file's path in the checkout.
            content: the file's content.
        """
        if path == "LICENSE":
            return self._license(content.decode()).encode()
        try:
            text = content.decode()
        except UnicodeDecodeError:
            return content
        if path == "uv.lock":
            text = self._renamed_extras(text)
        text = self._old.sub(lambda found: self._new[found[0]], text)
        if path == "CHANGELOG.md":
            text = self._changelog(text)
        if stage := re.fullmatch(r"(?:infra/bootstrap/)?Pulumi\.(\w+)\.yaml", path):
            text = self._settings(stage[1], text)
        return text.encode()

    def _renamed_extras(self, lock: str) -> str:
        """Return the lock with the lengths of the new names in uv's own extras.

        uv writes an extra for each package and group of its conflicts, with the length of the
        package's name: `project-<length>-<name>`.
        """
        members = "|".join(map(re.escape, (PROJECT, BACKEND_PROJECT)))
        return re.sub(
            rf"\b(project|group)-\d+-({members})\b",
            lambda found: f"{found[1]}-{len(self._new[found[2]])}-{found[2]}",
            lock,
        )

    def _license(self, text: str) -> str:
        """Return the licence with a line for the new authors; the MIT licence keeps the old one."""
        year = datetime.now(UTC).year
        line = f"Copyright (c) {year} The authors of {self._names.name}\n"
        return text.replace("Copyright (c)", f"{line}Copyright (c)", 1)

    def _changelog(self, text: str) -> str:
        """Return a changelog with its first entry."""
        head, heading, _ = text.partition("## [Unreleased]\n")
        entry = f"- this project, made with `portfolio new` from {PROJECT} ({self._origin})"
        return f"{head}{heading}\n### Added\n\n{entry}\n"

    def _settings(self, stage: str, text: str) -> str:
        """Return a settings file with the new accounts, and without the state of a deployment."""
        text = _OF_THE_STACK.sub("", text)
        text = re.sub(r"(?<=hostedZoneId: )\w+", ZONE_ID, text)
        if stage not in _TIERS:
            return text
        account: str = getattr(self._names, _TIERS[stage])
        return re.sub(r"\b\d{12}\b", account, text)


def _replacements(names: ProjectNames) -> Iterator[tuple[str, str]]:
    """Return each text of this project with its text in the new one."""
    prod = stage_config("prod")
    bootstrap: Mapping[str, str] = parse_file(ROOT / "infra/bootstrap/Pulumi.prod.yaml")["config"]
    zone = f"{PROJECT}:hostedZone"
    yield f"{zone}: {prod[zone]}", f"{names.name}:hostedZone: {names.zone}"
    email = f"{PROJECT}:alarmEmail"
    yield f"{email}: {prod[email]}", f"{names.name}:alarmEmail: {names.alarm_email}"
    yield bootstrap[f"{BOOTSTRAP}:repository"], names.repository
    yield f'TITLE: Final = "{TITLE}"', f'TITLE: Final = "{names.title}"'
    yield SITE, names.domain
    yield BACKEND_PROJECT, f"{names.name}-backend"
    yield PROJECT, names.name
