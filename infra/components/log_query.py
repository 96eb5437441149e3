"""The question that a slow or failed request asks of a stage's logs."""

from typing import Final

SLOW: Final = 1000
"""Milliseconds from which a request is slow; a warm one takes a few dozen."""

_CRASHED: Final = r"/Task timed out|Runtime\.|Traceback/"
"""What Lambda writes of an invocation that never answered."""

SLOW_AND_FAILED: Final = f"""\
fields @timestamp, requestId, functionRequestId, coalesce(path, route) as request, status,
  coalesce(latency, durationMs) as milliseconds, level, integrationError, authorizerError, message
| filter status >= 500 or latency >= {SLOW} or durationMs >= {SLOW}
  or level in ["ERROR", "CRITICAL"] or @message like {_CRASHED}
| sort @timestamp desc
| limit 200"""
"""In CloudWatch Logs Insights, over the access log and the function's own: the lines of requests
that were slow or failed, the latest first. The gateway's `requestId` is in both."""
