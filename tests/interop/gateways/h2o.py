"""H2O: how it is set up."""

from __future__ import annotations

import signal

from .gateway import Gateway, Place


def _commands(place: Place) -> list[list[str]]:
    setting = place.setting
    configuration = place.write(
        "h2o.conf",
        f"""\
num-threads: 1
listen:
  host: 127.0.0.1
  port: {place.plain}
listen:
  host: 127.0.0.1
  port: {place.tls}
  ssl:
    certificate-file: {place.chain}
    key-file: {place.key}
limit-request-body: {setting.largest_body}
http1-request-timeout: {setting.idle}
http2-idle-timeout: {setting.idle}
proxy.preserve-host: ON
hosts:
  default:
    paths:
      /:
        proxy.reverse.url: http://127.0.0.1:{setting.sandbox}/
""",
    )
    return [["h2o", "-m", "worker", "-c", configuration]]


# Told to end, it would wait for the last connection.
H2O = Gateway("H2O", ("h2o",), ("h2o",), _commands, ended_by=signal.SIGKILL)
