"""Settings, read from `LEXCOMPARE_*` environment variables."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.database import FOLDER


class Settings(BaseSettings):
    """How the service runs. Every setting has a default that works on a laptop."""

    model_config = SettingsConfigDict(env_prefix="LEXCOMPARE_")

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 picks a free one.")
    public_url: str = Field(
        "",
        pattern=r"^(https?://[^\s/?#]+(/[^\s?#]*)?)?$",
        description="Address under which users reach the service, as citations, feeds and"
        " catalogues name it; empty for addresses without a host.",
    )
    database_url: str = Field(
        "", description="A postgresql:// address; empty for the embedded SQLite file."
    )
    folder: Path = Field(
        FOLDER, description="Folder of the embedded files, and of files made of releases."
    )
    data: Path | None = Field(
        None, description="Folder of the seed files; empty for those that ship with Lexcompare."
    )
    cache_megabytes: int = Field(
        64, ge=0, description="Memory for finished answers, in megabytes; 0 turns the cache off."
    )
    max_age: int = Field(
        300, ge=0, description="Seconds for which clients and proxies may reuse an answer unasked."
    )
    watch_seconds: float = Field(
        0.5, gt=0, description="How often to look for a newly published release, in seconds."
    )
