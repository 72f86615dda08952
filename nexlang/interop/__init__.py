"""What comes in from other projects and goes out to them: one module per peer."""
