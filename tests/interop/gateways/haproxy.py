"""HAProxy: how it is set up."""

from __future__ import annotations

from .gateway import Gateway, Place


def _commands(place: Place) -> list[list[str]]:
    setting = place.setting
    configuration = place.write(
        "haproxy.cfg",
        f"""\
global
    maxconn 200
defaults
    mode http
    timeout connect 5s
    timeout client {setting.idle}s
    timeout server 60s
    timeout http-request 60s
    timeout http-keep-alive {setting.idle}s
frontend gateway
    bind 127.0.0.1:{place.plain}
    bind 127.0.0.1:{place.tls} ssl crt {place.both} alpn h2,http/1.1
    http-request set-header X-Forwarded-Proto https if {{ ssl_fc }}
    http-request set-header X-Forwarded-Proto http unless {{ ssl_fc }}
    http-request deny deny_status 413 if {{ req.hdr_val(content-length) gt {setting.largest_body} }}
    default_backend sandbox
backend sandbox
    server sandbox 127.0.0.1:{setting.sandbox}
""",
    )
    return [["haproxy", "-db", "-f", configuration]]


HAPROXY = Gateway("HAProxy", ("haproxy",), ("haproxy",), _commands, measures_streams=False)
