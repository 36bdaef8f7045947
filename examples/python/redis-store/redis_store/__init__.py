"""A store of links over Redis: `RedisStore` for plain code, `AsyncRedisStore` for asyncio."""

from .asynchronous import AsyncRedisStore
from .blocking import RedisStore

__all__ = ["AsyncRedisStore", "RedisStore"]
