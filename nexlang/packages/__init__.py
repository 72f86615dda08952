"""Packages: what `nex.toml` says, where the packages are that it names, and the lock that pins their content."""
