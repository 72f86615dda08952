"""Bundles: a compiled program with its data, as a folder or one file, verified when it is opened."""

from nexlang.bundle.bundle import Bundle, bundle_of, open_bundle
from nexlang.bundle.errors import BundleError
from nexlang.bundle.writing import write_bundle

__all__ = ["Bundle", "BundleError", "bundle_of", "open_bundle", "write_bundle"]
