"""nginx: how it is set up."""

from __future__ import annotations

from .gateway import Gateway, Place


def _commands(place: Place) -> list[list[str]]:
    setting = place.setting
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = "\n".join(f"    {kind}_temp_path {place.folder}/{kind};" for kind in kinds)
    configuration = place.write(
        "nginx.conf",
        f"""\
daemon off;
worker_processes 1;
pid {place.folder}/pid;
events {{}}
http {{
    access_log off;
    gzip on;
    gzip_types *;
    gzip_proxied any;
{folders}
    upstream sandbox {{
        server 127.0.0.1:{setting.sandbox};
        keepalive 8;
    }}
    server {{
        listen 127.0.0.1:{place.plain};
        listen 127.0.0.1:{place.tls} ssl http2;
        ssl_certificate {place.chain};
        ssl_certificate_key {place.key};
        client_max_body_size {setting.largest_body};
        keepalive_timeout {setting.idle}s;
        keepalive_requests {setting.requests};
        location / {{
            proxy_pass http://sandbox;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-Proto $scheme;
        }}
    }}
}}
""",
    )
    return [["nginx", "-e", "stderr", "-p", str(place.folder), "-c", configuration]]


NGINX = Gateway("nginx", ("nginx",), ("nginx",), _commands)
