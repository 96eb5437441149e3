"""A preview's zip, and that of another commit beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from infra.errors import PortfolioError
from portfolio.inspection.base_zip import built_base
from portfolio.inspection.measurements import Measure, measure

if TYPE_CHECKING:
    from infra.package import Package
    from infra.settings import StageSettings
    from portfolio.inspection.base_zip import Base


@dataclass(frozen=True)
class Comparison:
    """A zip, with that of its base where there is one, measured in turns on one machine."""

    own: Measure
    base: Measure | None = None
    base_name: str = ""
    """The commit, as whoever asked named it."""

    uncompared: str = ""
    """Why there is no base, where one was wanted."""


def compare_with_base(
    settings: "StageSettings", own: "Package", base: "Base", progress: Callable[[str], None]
) -> Comparison:
    """Have another commit build its zip, where one is chosen, and measure both.

    A base that cannot be built, say, is no failure: the preview is up by then.

    Args:
        settings: of the preview.
        own: the zip of this checkout.
        base: the commit.
        progress: told in lines what is being done.
    """
    reason = base.reason
    if base.commit:
        progress(f"comparing the zip with that of {base.commit}")
        try:
            with built_base(base.commit) as path:
                beside, here = measure([path, own.path], settings.architecture)
            return Comparison(here, beside, base.commit)
        except (PortfolioError, OSError) as error:
            reason = str(error)
    return Comparison(_measure_alone(settings, own), None, base.commit or "", reason)


def _measure_alone(settings: "StageSettings", own: "Package") -> Measure:
    try:
        (here,) = measure([own.path], settings.architecture)
    except OSError as error:
        return Measure(own.size, None, str(error))
    return here
