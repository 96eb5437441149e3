"""What a package is built for."""

from dataclasses import dataclass, replace
from typing import Final, Literal

type Architecture = Literal["x86_64", "arm64"]
type System = Literal["linux", "macos"]

_MACHINES: Final[dict[Architecture, str]] = {"x86_64": "x86_64", "arm64": "aarch64"}
"""Lambda's names of the architectures, and those Linux and wheels go by."""

_ARCHITECTURES: Final[dict[str, Architecture]] = {
    "x86_64": "x86_64",
    "amd64": "x86_64",
    "aarch64": "arm64",
    "arm64": "arm64",
}
"""The same by the names that Linux, macOS and container images know them by."""

SYSTEMS: Final[dict[str, System]] = {"linux": "linux", "darwin": "macos"}
"""By `sys.platform`."""

_PLATFORMS: Final[dict[System, str]] = {"linux": "manylinux_2_34", "macos": "apple-darwin"}
"""Amazon Linux 2023 has glibc 2.34. Named outright: left to itself, an installer picks
wheels for the machine it runs on."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """The Lambda runtime a package is built for."""

    python: str = "3.12"
    """Major and minor version."""

    architecture: Architecture = "x86_64"

    system: System = "linux"
    """Lambda's is Linux; another is where a package for Linux is tried in its stead."""

    @property
    def machine(self) -> str:
        """The architecture as Linux spells it: `x86_64` or `aarch64`."""
        return _MACHINES[self.architecture]

    @property
    def wheel_platform(self) -> str:
        """The platform as uv spells it: `x86_64-manylinux_2_34`."""
        return f"{self.machine}-{_PLATFORMS[self.system]}"

    @property
    def python_tag(self) -> str:
        """CPython's tag, as in the names of wheels and shared objects: `cpython-312`."""
        return f"cpython-{self.python.replace('.', '')}"

    def on(self, machine: str, system: System) -> "Target | None":
        """The same on another machine, named as that names itself; `None` if it is unknown."""
        architecture = _ARCHITECTURES.get(machine)
        return architecture and replace(self, architecture=architecture, system=system)
