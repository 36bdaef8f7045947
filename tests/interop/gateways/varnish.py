"""Varnish, with Hitch before it for TLS: how they are set up."""

from __future__ import annotations

from .gateway import Gateway, Place


def _commands(place: Place) -> list[list[str]]:
    setting = place.setting
    rules = place.write(
        "gateway.vcl",
        f"""\
vcl 4.1;
import std;
backend sandbox {{
    .host = "127.0.0.1";
    .port = "{setting.sandbox}";
}}
sub vcl_recv {{
    if (std.integer(req.http.Content-Length, 0) > {setting.largest_body}) {{
        return (synth(413));
    }}
    set req.http.X-Forwarded-Proto = "http";
    if (local.socket == "tls") {{
        set req.http.X-Forwarded-Proto = "https";
    }}
    return (pass);
}}
""",
    )
    varnish = ["varnishd", "-F", "-j", "none", "-n", f"{place.folder}/varnish", "-f", rules]
    varnish += ["-a", f"plain=127.0.0.1:{place.plain}", "-a", f"tls=127.0.0.1:{place.inner},PROXY"]
    varnish += ["-p", "feature=+http2", "-p", f"timeout_idle={setting.idle}", "-s", "malloc,64m"]
    tls = place.write(
        "hitch.conf",
        f"""\
frontend = "[127.0.0.1]:{place.tls}"
backend = "[127.0.0.1]:{place.inner}"
pem-file = "{place.both}"
alpn-protos = "h2,http/1.1"
write-proxy-v2 = on
workers = 1
""",
    )
    return [varnish, ["hitch", "--config", tls]]


VARNISH = Gateway("Varnish", ("varnish", "hitch"), ("varnishd", "hitch"), _commands, measures_streams=False)
