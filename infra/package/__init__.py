"""Build the Lambda zip from the lock and the sources, reproducibly, and check it."""

from infra.package.build import build_package
from infra.package.check import Budget
from infra.package.engine import Engine, EngineName
from infra.package.health_probe import HANDLER, HEALTH_EVENT
from infra.package.result import Package
from infra.package.target import Architecture, Target

__all__ = [
    "HANDLER",
    "HEALTH_EVENT",
    "Architecture",
    "Budget",
    "Engine",
    "EngineName",
    "Package",
    "Target",
    "build_package",
]
