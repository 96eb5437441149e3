"""The function's own code: the files of `backend/src` that go into the zip."""
