"""Squid: how it is set up."""

from __future__ import annotations

import signal

from .gateway import Gateway, Place


def _commands(place: Place) -> list[list[str]]:
    setting = place.setting
    configuration = place.write(
        "squid.conf",
        f"""\
http_port 127.0.0.1:{place.plain} accel vhost name=plain
https_port 127.0.0.1:{place.tls} accel vhost name=tls tls-cert={place.chain} tls-key={place.key}
cache_peer 127.0.0.1 parent {setting.sandbox} 0 no-query no-digest no-netdb-exchange originserver login=PASSTHRU
never_direct allow all
http_access allow all
cache deny all
acl tls myportname tls
request_header_add X-Forwarded-Proto https tls
request_header_add X-Forwarded-Proto http !tls
request_body_max_size {setting.largest_body} bytes
client_idle_pconn_timeout {setting.idle} seconds
shutdown_lifetime 0 seconds
pid_filename {place.folder}/pid
cache_log {place.folder}/log
access_log none
netdb_filename none
pinger_enable off
coredump_dir {place.folder}
""",
    )
    return [["squid", "-N", "-f", configuration]]


# Told to end, it takes two seconds.
SQUID = Gateway("Squid", ("squid-openssl",), ("squid",), _commands, speaks_http2=False, ended_by=signal.SIGKILL)
