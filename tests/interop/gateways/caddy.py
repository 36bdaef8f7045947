"""Caddy: how it is set up."""

from __future__ import annotations

from .gateway import Gateway, Place


def _commands(place: Place) -> list[list[str]]:
    setting = place.setting
    configuration = place.write(
        "Caddyfile",
        f"""\
{{
    admin off
    auto_https off
    default_sni 127.0.0.1
    servers {{
        timeouts {{
            idle {setting.idle}s
        }}
    }}
}}
(gateway) {{
    bind 127.0.0.1
    request_body {{
        max_size {setting.largest_body}
    }}
    encode gzip
    reverse_proxy 127.0.0.1:{setting.sandbox}
}}
http://127.0.0.1:{place.plain} {{
    import gateway
}}
https://127.0.0.1:{place.tls} {{
    import gateway
    tls {place.chain} {place.key}
}}
""",
    )
    return [["caddy", "run", "--adapter", "caddyfile", "--config", configuration]]


# It notices what is too large in the midst of passing it on, and may blame that.
CADDY = Gateway("Caddy", ("caddy",), ("caddy",), _commands, too_large=(413, 502))
