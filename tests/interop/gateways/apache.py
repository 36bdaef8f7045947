"""Apache httpd: how it is set up."""

from __future__ import annotations

from .gateway import Gateway, Place

_MODULES = ("mpm_event", "authz_core", "headers", "http2", "proxy", "proxy_http", "rewrite", "ssl")


def _commands(place: Place) -> list[list[str]]:
    setting = place.setting
    modules = "\n".join(f"LoadModule {each}_module /usr/lib/apache2/modules/mod_{each}.so" for each in _MODULES)
    # LimitRequestBody does not count what is passed on.
    passing = f"""\
RewriteEngine On
RewriteCond expr "%{{HTTP:Content-Length}} -gt {setting.largest_body}"
RewriteRule ^ - [R=413]
ProxyPass / http://127.0.0.1:{setting.sandbox}/
"""
    configuration = place.write(
        "httpd.conf",
        f"""\
{modules}
ServerRoot {place.folder}
DefaultRuntimeDir {place.folder}
PidFile {place.folder}/pid
ErrorLog {place.folder}/errors
ServerName 127.0.0.1
Listen 127.0.0.1:{place.plain}
Listen 127.0.0.1:{place.tls}
KeepAliveTimeout {setting.idle}
MaxKeepAliveRequests {setting.requests}
ProxyPreserveHost On
{passing}
RequestHeader set X-Forwarded-Proto expr=%{{REQUEST_SCHEME}}
<VirtualHost 127.0.0.1:{place.tls}>
    Protocols h2 http/1.1
    SSLEngine on
    SSLCertificateFile {place.chain}
    SSLCertificateKeyFile {place.key}
    {passing}
</VirtualHost>
""",
    )
    return [["apache2", "-D", "FOREGROUND", "-f", configuration]]


APACHE = Gateway("Apache httpd", ("apache2",), ("apache2",), _commands, measures_streams=False)
