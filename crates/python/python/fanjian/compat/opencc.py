"""A drop-in replacement for the package ``opencc``: ``from fanjian.compat import opencc``.

>>> from fanjian.compat import opencc
>>> opencc.OpenCC("s2t.json").convert("鼠标和头发")
'鼠標和頭髮'

Defaults and errors are those of OpenCC 1.4.2: the default configuration is ``t2s``, dictionaries whose output many fonts
lack are used, and a configuration that cannot be loaded is a :class:`RuntimeError`. A converter can be pickled, and
releases the interpreter's lock.

``opencc-python-reimplemented`` has the same import name. Its own names work, too: ``OpenCC(conversion="s2t")`` and
``set_conversion``. It differs without a configuration (there, converting is an error), in the errors for unknown
configurations, in the time when it reads them (there, at the first text), and in its results, which are those of older
dictionaries.
"""

from __future__ import annotations

import os
from typing import Optional, Union

from .. import CONFIGS as _NAMES, OPENCC_VERSION, Converter, Error

__all__ = ["CONFIGS", "OpenCC", "__version__"]

__version__ = OPENCC_VERSION

CONFIGS = [f"{name}.json" for name in _NAMES]


class OpenCC:
    """A converter by a configuration.

    Args:
        config: The name of a configuration, with or without ``.json``, or the path of a configuration file.
        include_tofu_risk_dictionaries: Whether to use dictionaries whose output many fonts lack.
        resource_zip: Not supported.
        conversion: The name of ``config`` in ``opencc-python-reimplemented``.

    Raises:
        RuntimeError: The configuration does not exist, or is invalid.
        NotImplementedError: A ``resource_zip`` is given.

    >>> OpenCC().convert("頭髮")
    '头发'
    >>> OpenCC(conversion="s2t").convert("头发")
    '頭髮'
    >>> OpenCC("nonesuch")
    Traceback (most recent call last):
    ...
    RuntimeError: nonesuch not found or not accessible.
    """

    config: str

    def __init__(
        self,
        config: Union[str, os.PathLike[str]] = "t2s",
        include_tofu_risk_dictionaries: bool = True,
        resource_zip: Optional[str] = None,
        *,
        conversion: Optional[str] = None,
    ) -> None:
        if conversion is not None:
            if config != "t2s":
                raise TypeError("config and conversion cannot be used together: they are two names for one argument")
            config = conversion
        if resource_zip is not None:
            raise NotImplementedError("resource_zip is not supported: unpack it, and use the path of its configuration")
        self._tofu_risk = bool(include_tofu_risk_dictionaries)
        self._load(os.fspath(config))

    def _load(self, config: str) -> None:
        if not isinstance(config, str):
            raise TypeError(f"config must be str, not {type(config).__name__}")
        try:
            self._converter = Converter(config, tofu_risk=self._tofu_risk)
        except LookupError as error:
            raise RuntimeError(f"{config} not found or not accessible.") from error
        except Error as error:
            raise RuntimeError(str(error)) from error
        self.config = f"{config}.json" if config in _NAMES else config

    def convert(self, text: str) -> str:
        """Converts a text."""
        return self._converter.convert(text)

    def set_conversion(self, conversion: str) -> None:
        """Changes the configuration: a method of ``opencc-python-reimplemented``."""
        self._load(conversion)

    def __repr__(self) -> str:
        return f"OpenCC({self.config!r})"
