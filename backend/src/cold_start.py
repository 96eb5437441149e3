"""Imports FastAPI in less time than it takes by itself: `main` does so first of all."""

import gc
from importlib import import_module

from pydantic import BaseModel

# Almost nothing an import makes is garbage, so looking for it is in vain.
gc.disable()

# FastAPI has forty models of OpenAPI's terms, whose validators no request needs: each is built
# when it is used. Ours are built at once, so that a wrong one is known at once.
BaseModel.model_config["defer_build"] = True
import_module("fastapi")
del BaseModel.model_config["defer_build"]


def finish() -> None:
    """Collect garbage again, but for what is there: the imports stay for good."""
    gc.freeze()
    gc.enable()
