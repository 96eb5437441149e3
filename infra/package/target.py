"""What a package is built for."""

import platform
import sys
from dataclasses import dataclass
from typing import Final, Literal

type Architecture = Literal["x86_64", "arm64"]

_MACHINES: Final[dict[Architecture, str]] = {"x86_64": "x86_64", "arm64": "aarch64"}
"""Lambda's names of the architectures, and those Linux and wheels go by."""

_GLIBC: Final = "manylinux_2_34"
"""Amazon Linux 2023 has glibc 2.34. Named outright: left to itself, an installer picks
wheels for the machine it runs on."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """The Lambda runtime a package is built for."""

    python: str = "3.12"
    """Major and minor version."""

    architecture: Architecture = "x86_64"

    @property
    def machine(self) -> str:
        """The architecture as Linux spells it: `x86_64` or `aarch64`."""
        return _MACHINES[self.architecture]

    @property
    def wheel_platform(self) -> str:
        """The platform as uv spells it: `x86_64-manylinux_2_34`."""
        return f"{self.machine}-{_GLIBC}"

    @property
    def python_tag(self) -> str:
        """CPython's tag, as in the names of wheels and shared objects: `cpython-312`."""
        return f"cpython-{self.python.replace('.', '')}"

    def runs_here(self) -> bool:
        """Whether this machine can run what is built for the target."""
        return sys.platform == "linux" and platform.machine() == self.machine
