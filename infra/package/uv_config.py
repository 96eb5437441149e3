"""The settings file for uv: the project's own settings, and the indexes and network of the user.

uv also reads files of the user and of the machine. Settings there such as `exclude-newer` or
`link-mode` would change the lock or the installed files. So uv gets a file of its own if there is
one of these.

`bin/uv` runs this module as a script before the project's environment exists. It must not import
modules of ours.
"""

import hashlib
import json
import os
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, cast

type Settings = dict[str, Any]

_INDEXES: Final = (
    *("index", "index-url", "extra-index-url", "no-index", "find-links", "index-strategy"),
    *("keyring-provider", "allow-insecure-host"),
)
"""Settings of package indexes. The table `pip` may have them too."""

_OF_THE_USER: Final = (
    *(*_INDEXES, "pip", "offline", "native-tls", "system-certs", "cache-dir"),
    *("http-proxy", "https-proxy", "no-proxy", "python-downloads", "python-downloads-json-url"),
    *("concurrent-builds", "concurrent-downloads", "concurrent-installs"),
    *("python-install-mirror", "pypy-install-mirror"),
)
"""The settings to take from the user: they say where and how to download."""

_OF_AN_INDEX: Final = (
    *("name", "url", "explicit", "default", "format", "authenticate"),
    *("ignore-error-codes", "cache-control"),
)
"""The keys of an entry of `index` to take."""

_OF_A_PROJECT: Final = (
    *("build-backend", "conflicts", "default-groups", "dependency-groups", "dev-dependencies"),
    *("managed", "package", "sources", "workspace"),
)
"""Keys that uv reads in `pyproject.toml` in any case, and refuses in a settings file."""

_PATHS: Final = ("cache-dir", "url", "index-url", "extra-index-url", "find-links")
"""Settings with paths or URLs; a relative path begins at the folder of its file."""


class UvConfigError(Exception):
    """A settings file of uv cannot be read; the text names it."""


def write_settings(
    project: Path, folder: Path, environment: Mapping[str, str] = os.environ
) -> Path | None:
    """Write the settings for uv, and return the file; None if the user has no settings file.

    Args:
        project: the folder with `pyproject.toml`.
        folder: the folder of the written files, each named after its content.
        environment: the variables that say where the user's files are.

    Raises:
        UvConfigError: if a file cannot be read.
    """
    files = list(_find_files(project, environment))
    if not files:
        return None
    merged = _own_settings(project / "pyproject.toml")
    for file in files:
        _merge(merged, _filter(_read(file), file.parent))
    content = "".join(f"{_quote(name)} = {_toml(value)}\n" for name, value in merged.items())
    written = folder / f"{hashlib.sha256(content.encode()).hexdigest()[:16]}.toml"
    if not written.exists():
        _write(written, content)
    return written


def _find_files(project: Path, environment: Mapping[str, str]) -> Iterator[Path]:
    """Yield the user's files as uv would read them, the most important first."""
    if chosen := environment.get("UV_CONFIG_FILE"):
        yield Path(chosen).absolute()
        return
    home = environment.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")  # noqa: PTH111
    system = [*(environment.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(":"), "/etc"]
    users = (project / "uv.toml", Path(home) / "uv/uv.toml")
    machines = (Path(each) / "uv/uv.toml" for each in system if each)
    yield from (file for file in users if file.is_file())
    yield from [file for file in machines if file.is_file()][:1]


def _own_settings(pyproject: Path) -> Settings:
    settings = _read(pyproject).get("tool", {}).get("uv", {})
    own = {name: value for name, value in settings.items() if name not in _OF_A_PROJECT}
    return _absolute(own, pyproject.parent)


def _read(file: Path) -> Settings:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        reason = error.strerror
    except ValueError as error:
        reason = str(error)
    raise UvConfigError(f"{file} cannot be read ({reason}): fix it or remove it.")


def _filter(settings: Settings, folder: Path) -> Settings:
    """Return the user's settings for downloads."""
    kept = {name: settings[name] for name in _OF_THE_USER if name in settings}
    if isinstance(indexes := kept.get("index"), list):
        kept["index"] = [_choose(each, _OF_AN_INDEX) for each in cast("list[Any]", indexes)]
    if "pip" in kept:
        kept["pip"] = _choose(kept["pip"], _INDEXES)
    return _absolute(kept, folder)


def _choose(table: Any, names: tuple[str, ...]) -> Any:  # noqa: ANN401 - TOML
    if not isinstance(table, dict):
        return table  # uv names the mistake
    known = cast("Settings", table)
    return {name: known[name] for name in names if name in known}


def _absolute(settings: Settings, folder: Path) -> Settings:
    """Return the settings with absolute paths, at every depth."""
    return {name: _absolute_value(name, value, folder) for name, value in settings.items()}


def _absolute_value(name: str, value: Any, folder: Path) -> Any:  # noqa: ANN401 - TOML
    if isinstance(value, dict):
        return _absolute(cast("Settings", value), folder)
    if isinstance(value, list):
        return [_absolute_value(name, each, folder) for each in cast("list[Any]", value)]
    is_path = name in _PATHS and isinstance(value, str) and "://" not in value
    return str(folder / value) if is_path else value


def _merge(merged: Settings, further: Settings) -> None:
    """Add settings of a less important file; lists are joined, as uv joins them."""
    for name, value in further.items():
        known = merged.setdefault(name, value)
        if isinstance(known, list) and isinstance(value, list):
            first, rest = cast("list[Any]", known), cast("list[Any]", value)
            merged[name] = first + [each for each in rest if each not in first]
        elif isinstance(known, dict) and isinstance(value, dict) and known is not value:
            _merge(cast("Settings", known), cast("Settings", value))


def _toml(value: Any) -> str:  # noqa: ANN401 - TOML
    if isinstance(value, dict):
        items = cast("Settings", value).items()
        return f"{{ {', '.join(f'{_quote(name)} = {_toml(each)}' for name, each in items)} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, cast('list[Any]', value)))}]"
    if isinstance(value, str):
        return _quote(value)
    return str(value).lower()  # true, 3 and times


def _quote(text: str) -> str:
    # JSON's escapes are TOML's, except for the one character that JSON does not escape.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _write(file: Path, content: str) -> None:
    """Write a file that only the user may read, because addresses may have passwords."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(f".{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as output:  # noqa: PTH123 - a descriptor
        output.write(content)
    unfinished.replace(file)


def main() -> None:
    """Print the path of the written file for a project; print nothing if the user has none."""
    project = Path(sys.argv[1])
    try:
        written = write_settings(project, project / ".cache" / "uv-settings")
    except UvConfigError as error:
        sys.exit(f"error: {error}")
    if written:
        sys.stdout.write(f"{written}\n")


if __name__ == "__main__":
    main()
