"""`make pictures`: draws all pictures, or those with the given names."""

import shutil
import sys

from tests.local_stage import serve_local_stage
from tests.pictures.pictures import FOLDER, STATUS_PAGE, TERMINALS
from tests.pictures.status_page import draw_status_page
from tests.real.browser.debugger import run_browser


def main(names: list[str]) -> None:
    FOLDER.mkdir(exist_ok=True)
    for name in names or [*TERMINALS, STATUS_PAGE]:
        (FOLDER / name).write_bytes(_draw(name))
        print(f"docs/pictures/{name}: drawn")  # noqa: T201 - a result for people


def _draw(name: str) -> bytes:
    if name != STATUS_PAGE:
        return TERMINALS[name]().encode()
    program = shutil.which("chromium")
    if program is None:
        sys.exit("error: chromium is not on PATH: install it, or name the other pictures.")
    with serve_local_stage() as served, run_browser(program) as browser:
        return draw_status_page(served, browser)


if __name__ == "__main__":
    main(sys.argv[1:])
