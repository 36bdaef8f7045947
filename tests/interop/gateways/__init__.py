"""The gateways that stand before most APIs: which there are."""

from .apache import APACHE
from .caddy import CADDY
from .gateway import Gateway
from .h2o import H2O
from .haproxy import HAPROXY
from .lighttpd import LIGHTTPD
from .nginx import NGINX
from .squid import SQUID
from .varnish import VARNISH

GATEWAYS: tuple[Gateway, ...] = (NGINX, HAPROXY, CADDY, APACHE, LIGHTTPD, H2O, VARNISH, SQUID)
