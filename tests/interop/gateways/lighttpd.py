"""lighttpd: how it is set up."""

from __future__ import annotations

from .gateway import Gateway, Place


def _commands(place: Place) -> list[list[str]]:
    setting = place.setting
    configuration = place.write(
        "lighttpd.conf",
        f"""\
server.modules = ("mod_openssl", "mod_proxy")
server.bind = "127.0.0.1"
server.port = {place.plain}
server.document-root = "{place.folder}"
server.upload-dirs = ("{place.folder}")
server.max-request-size = {setting.largest_body // 1024}
server.max-keep-alive-idle = {setting.idle}
server.max-keep-alive-requests = {setting.requests}
proxy.server = ("" => (("host" => "127.0.0.1", "port" => {setting.sandbox})))
$SERVER["socket"] == "127.0.0.1:{place.tls}" {{
    ssl.engine = "enable"
    ssl.pemfile = "{place.chain}"
    ssl.privkey = "{place.key}"
}}
""",
    )
    return [["lighttpd", "-D", "-f", configuration]]


LIGHTTPD = Gateway("lighttpd", ("lighttpd", "lighttpd-mod-openssl"), ("lighttpd",), _commands, streams_over_http2=False)
