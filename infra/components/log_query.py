"""The saved query for slow and failed requests in a stage's logs."""

from typing import Final

SLOW: Final = 1000
"""Milliseconds. A slow request takes this long or longer; a warm one takes a few dozen."""

_CRASHED: Final = r"/Task timed out|Runtime\.|Traceback/"
"""A pattern for Lambda's own lines about an invocation without an answer."""

SLOW_AND_FAILED: Final = f"""\
fields @timestamp, requestId, functionRequestId, coalesce(path, route) as request, status,
  coalesce(latency, durationMs) as milliseconds, level, integrationError, authorizerError, message
| filter status >= 500 or latency >= {SLOW} or durationMs >= {SLOW}
  or level in ["ERROR", "CRITICAL"] or @message like {_CRASHED}
| sort @timestamp desc
| limit 200"""
"""A CloudWatch Logs Insights query over the access log and the function's log, latest line first.

Both logs have the gateway's `requestId`.
"""
