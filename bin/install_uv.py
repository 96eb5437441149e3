"""Install uv with pip into `.cache/uv`: the version in `uv.lock`, checked by its hashes.

Of the user's settings of pip, those about indexes, certificates and the network count. Others, such
as `user` or `no-binary`, would change the place or the file.

Any python3 runs this script, maybe an old one, so it uses the standard library of Python 3.8.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

KEPT = (
    *("index-url", "extra-index-url", "no-index", "find-links", "trusted-host", "keyring-provider"),
    *("cert", "client-cert", "proxy", "timeout", "default-timeout", "retries", "cache-dir"),
)
"""Settings of pip that say where and how to download."""

FEATURES = {"use-feature": "truststore", "use-deprecated": "legacy-certs"}
"""Settings with features, and the one feature about certificates."""

PIP = (sys.executable, "-E", "-B", "-m", "pip")
ADVICE = "Install uv yourself (https://docs.astral.sh/uv), or fix this, then try again."


def main(root: Path) -> None:
    """Install uv for a checkout."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    cache = root / ".cache"
    cache.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="uv-", dir=str(cache)))
    try:
        install(root, folder)
        shutil.rmtree(str(cache / "uv"), ignore_errors=True)
        (folder / "uv").rename(cache / "uv")
    finally:
        shutil.rmtree(str(folder), ignore_errors=True)


def install(root: Path, folder: Path) -> None:
    """Install uv into the folder `uv` of a temporary folder."""
    requirements = folder / "requirements.txt"
    requirements.write_text(locked_requirement(root), encoding="utf-8")
    run_pip(
        *("install", "--quiet", "--no-deps", "--no-compile", "--only-binary", ":all:"),
        *("--target", str(folder / "uv"), "--requirement", str(requirements)),
        variables={"PIP_CONFIG_FILE": os.devnull, **pip_settings()},
    )


def locked_requirement(root: Path) -> str:
    """Return the requirement of uv, with the hashes of its files."""
    packages = (root / "uv.lock").read_text(encoding="utf-8").split("[[package]]")
    found = next(each for each in packages if each.startswith('\nname = "uv"\n'))
    (version,) = re.findall(r'^version = "(.+)"$', found, re.MULTILINE)
    hashes = " ".join(f"--hash={each}" for each in re.findall(r'hash = "(sha256:\w+)"', found))
    return f"uv=={version} {hashes}\n"


def pip_settings() -> dict[str, str]:
    """Return pip's variables from the user's files and environment, for downloads alone."""
    settings = settings_of_files()
    for name, value in os.environ.items():
        if name.startswith("PIP_") and value:
            settings[name[len("PIP_") :].lower().replace("_", "-")] = value
    kept = {name: value for name, value in settings.items() if name in KEPT}
    features = {
        name: feature
        for name, feature in FEATURES.items()
        if feature in settings.get(name, "").split()
    }
    return {
        f"PIP_{name.upper().replace('-', '_')}": value
        for name, value in {**kept, **features}.items()
    }


def settings_of_files() -> dict[str, str]:
    """Return the settings of `pip install` in the files that pip reads."""
    # The command has options of these names, and settings for `pip install` would set them.
    variables = {"PIP_USER": "0", "PIP_GLOBAL": "0", "PIP_SITE": "0", "PIP_QUIET": "0"}
    if "PIP_CONFIG_FILE" in os.environ:
        variables["PIP_CONFIG_FILE"] = os.environ["PIP_CONFIG_FILE"]
    listed = run_pip("config", "list", variables=variables)
    settings: dict[str, str] = {}
    for section in ("global", "install"):
        for name, value in re.findall(rf"^{section}\.([\w-]+)=(.*)$", listed, re.MULTILINE):
            settings[name] = ast.literal_eval(value)
    return settings


def run_pip(*arguments: str, variables: dict[str, str]) -> str:
    """Run pip with these variables of its own, and return its standard output."""
    own = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", **variables}
    rest = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    finished = subprocess.run(  # noqa: S603 - fixed arguments, no shell
        [*PIP, *arguments],
        env={**rest, **own},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if finished.returncode:
        sys.exit(f"error: pip could not install uv: {explain(finished.stderr)}\n{ADVICE}")
    return finished.stdout


def explain(printed: str) -> str:
    """Return pip's own reason in one line."""
    lines = [line.strip() for line in printed.splitlines() if line.strip()] or ["no message"]
    errors = [line[len("ERROR: ") :] for line in lines if line.startswith("ERROR: ")]
    broken = [each for line in lines for each in re.findall(r"connection broken by '(.*)': ", line)]
    reasons = [re.sub(r"^.*<.*>: |'\)$", "", each) for each in broken[-1:]]
    return "; ".join([*reasons, *(errors[:1] or [" ".join(lines[-4:])])])


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        sys.exit(f"error: uv could not be installed: {error}\n{ADVICE}")
