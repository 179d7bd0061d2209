"""Stands in for the package ``opencc``: ``from fanjian.compat import opencc``.

>>> from fanjian.compat import opencc
>>> opencc.OpenCC("s2t.json").convert("鼠标和头发")
'鼠標和頭髮'

Defaults and errors are those of OpenCC 1.4.2: the configuration is ``t2s`` where none is given, dictionaries whose output
many fonts lack take part, and what cannot be loaded is a :class:`RuntimeError`. A converter can be pickled, and releases
the interpreter's lock.

``opencc-python-reimplemented`` has the same name. What it calls differently is there too: ``OpenCC(conversion="s2t")`` and
``set_conversion``. It differs where no configuration is given (there, to convert is an error then), in the errors for
unknown ones, in when it reads them (there, at the first text), and in its results, which are of older dictionaries.
"""

from __future__ import annotations

import os
from typing import Optional, Union

from .. import CONFIGS as _NAMES, OPENCC_VERSION, Converter, Error

__all__ = ["CONFIGS", "OpenCC", "__version__"]

__version__ = OPENCC_VERSION

CONFIGS = [f"{name}.json" for name in _NAMES]


class OpenCC:
    """Converts by a configuration.

    Args:
        config: The name of a configuration, with or without ``.json``, or the path of a configuration file.
        include_tofu_risk_dictionaries: Whether dictionaries take part whose output many fonts lack.
        resource_zip: Not supported.
        conversion: The same as ``config``, as ``opencc-python-reimplemented`` calls it.

    Raises:
        RuntimeError: The configuration does not exist, or says something wrong.
        NotImplementedError: There is a ``resource_zip``.

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
                raise TypeError("config or conversion, not both: they are two names for one thing")
            config = conversion
        if resource_zip is not None:
            raise NotImplementedError("resource_zip is not supported: unpack it, and give the path of its configuration")
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
        """Converts by another configuration from here on: a method of ``opencc-python-reimplemented``."""
        self._load(conversion)

    def __repr__(self) -> str:
        return f"OpenCC({self.config!r})"
