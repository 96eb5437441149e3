"""The target of a package: Python version, architecture, system, and documentation pages."""

from dataclasses import dataclass, replace
from typing import Final, Literal

type Architecture = Literal["x86_64", "arm64"]
type System = Literal["linux", "macos"]

_MACHINES: Final[dict[Architecture, str]] = {"x86_64": "x86_64", "arm64": "aarch64"}
"""Lambda's names of the architectures, and the names on Linux and in wheels."""

_ARCHITECTURES: Final[dict[str, Architecture]] = {
    "x86_64": "x86_64",
    "amd64": "x86_64",
    "aarch64": "arm64",
    "arm64": "arm64",
}
"""The architectures by their names on Linux, on macOS and in container images."""

SYSTEMS: Final[dict[str, System]] = {"linux": "linux", "darwin": "macos"}
"""The systems by the value of `sys.platform`."""

_PLATFORMS: Final[dict[System, str]] = {"linux": "manylinux_2_34", "macos": "apple-darwin"}
"""Platforms by their names in uv. Amazon Linux 2023 has glibc 2.34. Without a platform, uv would
install the wheels of this machine."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """The Lambda runtime a package is built for."""

    python: str = "3.12"
    """Major and minor version."""

    architecture: Architecture = "x86_64"

    system: System = "linux"
    """Lambda runs Linux. Another system is only for tests of the same lock on this machine."""

    docs: bool = False
    """True to include the files of `/docs` and `/redoc`: the backend's extra `docs`."""

    @property
    def machine(self) -> str:
        """The architecture by its name on Linux: `x86_64` or `aarch64`."""
        return _MACHINES[self.architecture]

    @property
    def wheel_platform(self) -> str:
        """The platform by its name in uv, for example `x86_64-manylinux_2_34`."""
        return f"{self.machine}-{_PLATFORMS[self.system]}"

    @property
    def python_tag(self) -> str:
        """CPython's tag in the names of shared objects, for example `cpython-312`."""
        return f"cpython-{self.python.replace('.', '')}"

    def on(self, machine: str, system: System) -> "Target | None":
        """Return this target for another machine, or None if the machine is unknown."""
        architecture = _ARCHITECTURES.get(machine)
        return architecture and replace(self, architecture=architecture, system=system)
