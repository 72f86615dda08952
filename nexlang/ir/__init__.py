"""The intermediate representation: a checked program as versioned data."""
