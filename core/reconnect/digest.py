"""SHA-256, without the 3 ms that importing hashlib (and with it OpenSSL) adds to each `log`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashlib import sha256
else:
    # The standard library's own modules take this way too (random does): the interpreter brings the
    # function along under a name that changed in 3.12.
    try:
        from _sha2 import sha256
    except ImportError:
        try:
            from _sha256 import sha256
        except ImportError:
            from hashlib import sha256

__all__ = ["sha256"]
