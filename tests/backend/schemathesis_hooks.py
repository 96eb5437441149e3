"""What Schemathesis has to know of our formats; it loads this by SCHEMATHESIS_HOOKS."""

import schemathesis
from hypothesis import strategies as st

# email-validator refuses the domains reserved for tests, from which nobody logs in.
schemathesis.openapi.format("email", st.emails(domains=st.just("example.com")))
